import { thresholds } from "../../config/index.ts";
import { type AccountName, hasCode, parseAccountName, TelegraphistError } from "../contract/index.ts";
import type { Storage, StoredSession } from "../storage/index.ts";
import {
  type Account,
  type AccountRepair,
  type ApiIdentity,
  type Authorization,
  authKeyIdOf,
  exportSession,
  isLoggedOut,
  restrictionHints,
  type ServerOptions,
  type SessionFormat,
} from "../telegram/index.ts";

/** A session as the program has it, without its keys. */
export interface SessionReport extends StoredSession {
  /** Whether the configuration has the account. */
  readonly isConfigured: boolean;
  /** The program that uses it now; `null` when none does. */
  readonly heldBy: { readonly host: string; readonly pid: number } | null;
  /** From when on a clean-up takes it, should nobody use it until then. */
  readonly unusedFromMs: number;
  /** From when on a clean-up by itself takes it; `null` while it was not told that it will. */
  readonly endsFromMs: number | null;
}

/** A session with what the open vault alone tells. */
export interface SessionDetail extends SessionReport {
  /** What Telegram's protocol calls its key by, in hexadecimal; `null` where the vault does not open that. */
  readonly authKeyId: string | null;
}

/** From the notice that a session is ended to its end. */
const noticeMs = 86_400_000;

export interface SessionRepair extends AccountRepair {
  /** What a person has to know of an account that Telegram has flagged or frozen. */
  readonly restrictions: readonly string[];
}

/** What became of a session that was ended; one whose key is lost goes on at Telegram, until it is ended there. */
export type SessionEnd = "ended" | "was-over" | "key-lost";

/** The sessions of the accounts, whether these run or not. An unknown name is refused with `SESSION_NOT_FOUND`. */
export interface Sessions {
  /** By account name; needs no key. */
  list(): Promise<readonly SessionReport[]>;
  show(account: string): Promise<SessionDetail>;
  /** Those that nobody has used for two weeks and that no program uses now. */
  unused(): Promise<readonly SessionReport[]>;
  /** Notes that it was told that the session is ended in a day, unless it is used. */
  notice(account: AccountName): Promise<void>;
  /** As Telegram lists them, this one first. @throws {TelegraphistError} `LEASE_HELD` while another program has it */
  authorizations(account: string): Promise<readonly Authorization[]>;
  endAuthorization(account: string, id: string): Promise<void>;
  /** Gives the account a session with a new key. @throws {TelegraphistError} `LEASE_HELD`, and what `Account.rotate` throws */
  rotate(account: string): Promise<void>;
  /** Verifies the session and puts right what is kept beside it. @throws {TelegraphistError} what `Account.repair` throws */
  repair(account: string): Promise<SessionRepair>;
  /** Keeps the password of two-step verification, sealed, for rotations; `null` forgets it. */
  keepPassword(account: string, password: string | null): Promise<void>;
  /**
   * Ends a session at Telegram and forgets it here; one that is over there already, or whose key is lost here, is
   * forgotten alone.
   *
   * @throws {TelegraphistError} `LEASE_HELD`, and of category `NETWORK` when Telegram cannot be asked: it is kept then
   */
  end(account: string): Promise<SessionEnd>;
  /** @throws {TelegraphistError} what `exportSession` of the room `telegram` throws */
  export(account: string, format: SessionFormat): Promise<string>;
}

export interface SessionsOptions {
  readonly accounts: ReadonlyMap<AccountName, Account>;
  /** Makes the account of a session that the configuration no longer has. */
  readonly makeAccount: (name: AccountName) => Account;
  readonly storage: Pick<Storage, "sessions" | "sessionLeases" | "accountPasswords">;
  readonly api: ApiIdentity;
  readonly server: ServerOptions | undefined;
  readonly now: () => number;
}

export function createSessions({ accounts, storage, now, ...options }: SessionsOptions): Sessions {
  const list = async () => {
    const leases = new Map((await storage.sessionLeases.list()).map((lease) => [lease.subject, lease.owner]));
    return (await storage.sessions.list()).map((summary): SessionReport => {
      const owner = leases.get(summary.account);
      return {
        ...summary,
        isConfigured: accounts.has(summary.account),
        heldBy: owner === undefined ? null : { host: owner.host, pid: owner.pid },
        unusedFromMs: summary.lastUsedAtMs + thresholds.sessions.unusedAfterMs,
        endsFromMs: summary.noticedAtMs === null ? null : summary.noticedAtMs + noticeMs,
      };
    });
  };
  const find = async (name: string) => {
    const found = (await list()).find(({ account }) => account === name);
    if (found === undefined) throw notFound(name);
    return found;
  };
  const accountOf = async (name: string) => {
    const { account } = await find(name);
    return accounts.get(account) ?? options.makeAccount(account);
  };
  return {
    list,
    show: async (name) => {
      const report = await find(name);
      return { ...report, authKeyId: await authKeyIdIn(storage, report.account) };
    },
    unused: async () =>
      (await list()).filter(({ heldBy, unusedFromMs }) => heldBy === null && unusedFromMs <= now()),
    notice: (account) => storage.sessions.notice(account, now()),
    authorizations: async (name) => (await accountOf(name)).authorizations(),
    endAuthorization: async (name, id) => (await accountOf(name)).endAuthorization(id),
    rotate: async (name) => (await accountOf(name)).rotate(),
    repair: async (name) => {
      const account = await accountOf(name);
      return { ...(await account.repair()), restrictions: restrictionHints(account.health().waits) };
    },
    keepPassword: async (name, password) => {
      const { account } = await find(name);
      if (password === null) await storage.accountPasswords.delete(account);
      else await storage.accountPasswords.save(account, password);
    },
    end: async (name) => {
      const account = await accountOf(name);
      try {
        await account.logOut();
        return "ended";
      } catch (error) {
        const isKeyLost = hasCode(error, "SESSION_KEY_MISSING");
        if (!isKeyLost && !isOver(error)) throw error;
        await storage.sessions.delete(account.name);
        return isKeyLost ? "key-lost" : "was-over";
      }
    },
    export: async (name, format) => {
      const record = await storage.sessions.load(parseAccountName(name));
      if (record === null) throw notFound(name);
      return exportSession(record, format, options);
    },
  };
}

async function authKeyIdIn(
  { sessions }: Pick<Storage, "sessions">,
  account: AccountName,
): Promise<string | null> {
  try {
    const session = await sessions.load(account);
    const key = session?.authKeys.get(session.mainDataCentreId);
    return key === undefined ? null : authKeyIdOf(key).toString("hex");
  } catch (error) {
    if (hasCode(error, "VAULT_WRONG_KEY")) return null;
    throw error;
  }
}

/** Whether Telegram has ended the session; a key that does not open it says nothing of that. */
function isOver(error: unknown): boolean {
  if (hasCode(error, "ACCOUNT_NO_SESSION")) return true;
  return error instanceof TelegraphistError && isLoggedOut(error);
}

function notFound(name: string): TelegraphistError {
  return new TelegraphistError({
    code: "SESSION_NOT_FOUND",
    category: "NOT_FOUND",
    message: `Cannot find a session of ${JSON.stringify(name)}: "telegraphist sessions list" shows those that there are`,
  });
}
