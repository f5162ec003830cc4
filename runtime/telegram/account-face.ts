import type { Logger } from "../../telemetry/index.ts";
import type {
  AccountName,
  AccountRef,
  AccountStateChanged,
  Clock,
  Disposer,
  Telegram,
  TelegraphistError,
  User,
} from "../contract/index.ts";
import type { SessionHold, Storage } from "../storage/index.ts";
import type { AccountHealth, AccountState, AccountStats } from "./account-state.ts";
import type { Authorization } from "./authorizations.ts";
import type { ApiIdentity, Device } from "./connection.ts";
import type { ConnectionBudget } from "./connection-budget.ts";
import type { ServerOptions } from "./data-centres.ts";
import type { CommitBatch } from "./engine/event-batch.ts";
import type { PlaceRepair } from "./engine/update-engine.ts";
import type { LoginWay } from "./login-prompts.ts";

/** Has a session that another program has waited for until it is free, however long that takes. */
export interface SessionWaitOptions {
  /** MUST be called with `LEASE_HELD` when a wait begins. */
  readonly onWait: (held: TelegraphistError) => void;
}

export interface AccountOptions {
  readonly name: AccountName;
  readonly api: ApiIdentity;
  /** @default Telegram's own */
  readonly server?: ServerOptions;
  /** What Telegram shows under "Devices". */
  readonly device?: Partial<Device>;
  readonly storage: Pick<
    Storage,
    | "sessions"
    | "spareKeys"
    | "accountPasswords"
    | "entities"
    | "contacts"
    | "inviteLinks"
    | "floodWaits"
    | "updateStates"
    | "sentMessages"
  >;
  /**
   * Makes this program the only one that uses the session. What it returns MUST stay with this program until `lost` is
   * aborted or it is released.
   *
   * @default nobody else can have it, as with a database in memory
   */
  readonly takeSession?: (
    account: AccountName,
    signal: AbortSignal,
    wait?: SessionWaitOptions,
  ) => Promise<SessionHold>;
  /** Age at which a session is renewed while the account runs; `null` leaves that to a person. @default null */
  readonly rotateAfterMs?: number | null;
  /** Of the connections for files, shared with other accounts. @default no bound over them */
  readonly budget?: ConnectionBudget;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Keeps what comes in. */
  readonly commit: CommitBatch;
  /** Told every change of the account's state, which is not kept. MUST NOT throw. @default nobody is */
  readonly tell?: (change: AccountStateChanged) => void;
  /** Time for `stop()`. @default 10_000 */
  readonly stopTimeoutMs?: number;
}

/** What a repair found and did. */
export interface AccountRepair {
  /** Sessions of a rotation that were left over. */
  readonly endedSessions: number;
  readonly place: PlaceRepair;
}

export interface AbortOptions {
  readonly signal?: AbortSignal;
}

/** One Telegram account: its connections, its session, its state. */
export interface Account {
  readonly name: AccountName;
  readonly ref: AccountRef;
  readonly state: AccountState;
  readonly telegram: Telegram;
  /**
   * Takes up the stored session and connects. Resolves when the first attempt is over: the account is connected and
   * catches up with what it missed, or is offline and goes on trying by itself.
   *
   * @throws {TelegraphistError} `ACCOUNT_NO_SESSION` before the first login and after the session's end,
   * `SESSION_KEY_MISSING` and `VAULT_WRONG_KEY` when the database does not have it whole, Telegram's own name when the
   * session is over, what the configuration is refused for when no retry helps, `ACCOUNT_RUNNING` when it was started already. A session that another program has is waited
   * for, and the state is `waiting` meanwhile
   */
  start(options?: AbortOptions): Promise<void>;
  /** Ends connections and work in order, within its time. It may be started again. */
  stop(): Promise<void>;
  /**
   * Makes a session by asking the person, or of another library's; `start()` then takes it up.
   *
   * @throws {TelegraphistError} `ACCOUNT_LOGGED_IN` when there is a session already, `ACCOUNT_RUNNING`, `LEASE_HELD`,
   * whatever `logIn` throws
   */
  login(way: LoginWay): Promise<User>;
  /**
   * Ends the session at Telegram and forgets it here. As the next four, it opens a connection for this alone when the
   * account is not started, and throws `ACCOUNT_NO_SESSION` then when there is nothing to use.
   */
  logOut(options?: AbortOptions): Promise<void>;
  /**
   * Gives the account a session with a new key, by the login of one that the other accepts, and ends the former one. No
   * update is lost, and calls wait for a moment. A second call waits for the first.
   *
   * @throws {TelegraphistError} what `rotateSession` throws: the account has its session of before then
   */
  rotate(options?: AbortOptions): Promise<void>;
  /**
   * Looks at the session and at what is kept beside it, and puts right what is wrong: the session is verified, what was
   * left of a rotation ended, the known people and chats are forgotten and learned anew, and a place in the updates that
   * cannot be is put right: see `UpdateEngine.resync`.
   *
   * @throws {TelegraphistError} `ACCOUNT_RUNNING`, `LEASE_HELD`, why the session is over, or Telegram cannot be asked
   */
  repair(options?: AbortOptions): Promise<AccountRepair>;
  /** Every session of the account as Telegram lists them, this program's first. */
  authorizations(options?: AbortOptions): Promise<readonly Authorization[]>;
  /** Ends another session of the account. @throws {TelegraphistError} `HASH_INVALID` when there is none of that id */
  endAuthorization(id: string, options?: AbortOptions): Promise<void>;
  health(): AccountHealth;
  /** Asks for a sign of life over the account's connection. @throws {TelegraphistError} when there is none in 10 s */
  ping(options?: AbortOptions): Promise<void>;
  stats(): AccountStats;
  /** Tells every change of state from now on. */
  onState(listener: (state: AccountState) => void): Disposer;
  /** Closes connections for files that nobody used for so long. @returns how many were closed */
  closeIdleConnections(idleMs: number): Promise<number>;
}
