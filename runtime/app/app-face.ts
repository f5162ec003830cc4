import type { EventBus } from "../bus/index.ts";
import type { AccountName, User } from "../contract/index.ts";
import type { Host } from "../host/index.ts";
import type { Account, LoginWay } from "../telegram/index.ts";
import type { Reconfiguration } from "./reload/reconfiguration.ts";
import type { Sessions } from "./sessions.ts";

/** Where the admin pages are, and the token that opens them. */
export interface AdminAddress {
  readonly url: string;
  readonly token: string;
}

export interface StartOptions {
  readonly signal?: AbortSignal;
  /** For how long to wait for another program that runs on the database. @default storage.lease.waitMs */
  readonly waitMs?: number;
  /** Goes on though no account has a session, so that one can be logged in over the API. @default false */
  readonly awaitsLogin?: boolean;
  /** Whether changes of the configuration file and of plugins' files are taken up by themselves. @default reload.watch */
  readonly watch?: boolean;
}

/** The program: accounts, plugins, and pages, put together by a configuration. */
export interface App extends AsyncDisposable {
  readonly bus: EventBus;
  readonly host: Host;
  readonly accounts: ReadonlyMap<AccountName, Account>;
  readonly sessions: Sessions;
  /** Has the program follow its configuration file; `null` where it was read from none. */
  readonly reconfiguration: Reconfiguration | null;
  /** Aborted with `LEASE_LOST` once another program runs on the database: this one has nothing left but `stop()`. */
  readonly lost: AbortSignal;
  /** `null` until `start()`, and where the configuration switches the pages off. */
  readonly admin: AdminAddress | null;
  /**
   * Makes a session for an account of the configuration. Not while the account runs.
   *
   * @throws {TelegraphistError} `APP_UNKNOWN_ACCOUNT`, and what `Account.login` throws
   */
  login(account: string, way: LoginWay): Promise<User>;
  /**
   * Opens the pages, connects the accounts, and starts the plugins. No event is handed out before every plugin had its
   * chance to subscribe. A plugin that fails, and an account that fails beside others, do not stop the start.
   *
   * @throws {TelegraphistError} `LEASE_HELD` when another program runs on the database, `ADMIN_PORT_IN_USE` and
   * its like, or why no account at all could be started
   */
  start(options?: StartOptions): Promise<void>;
  /**
   * Resolves when plugins are done with all that came in and that fell due. Handlers that run end by their own deadline.
   *
   * @throws the signal's reason when it is aborted while events wait for a handler
   */
  drain(signal: AbortSignal): Promise<void>;
  /** Undoes all that was made, in reverse and within 10 s; a second call waits for the first. */
  stop(): Promise<void>;
}
