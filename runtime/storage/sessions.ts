import { and, eq, notInArray, sql } from "drizzle-orm";
import { type AccountName, hasCode, parseAccountName, parseUserId, type UserId } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database, Queries } from "./database.ts";
import { accounts, authKeys, sessions } from "./schema/accounts.ts";
import { floodWaits } from "./schema/flood-waits.ts";
import { deadLetters, journalEvents, sentMessages } from "./schema/journal.ts";
import { peers } from "./schema/peers.ts";
import { accountPasswords } from "./schema/spare-sessions.ts";
import { channelStates, updateStates } from "./schema/update-states.ts";
import { writeSpareKeys } from "./spare-keys.ts";

/** What an account is seen as in Telegram's list of devices. */
export interface SessionDevice {
  readonly model: string;
  readonly systemVersion: string;
  readonly appVersion: string;
}

export interface SessionSummary {
  readonly account: AccountName;
  /** `null` before the first login told it. */
  readonly userId: UserId | null;
  readonly mainDataCentreId: number;
  /** `logged-out`: Telegram has ended it; it is kept for a look. */
  readonly state: "active" | "logged-out";
  readonly device: SessionDevice;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  /** When Telegram last showed that it is good. */
  readonly lastVerifiedAtMs: number | null;
}

/** A session as the database has it, nothing opened. */
export interface StoredSession extends SessionSummary {
  /** Of the vault's keys, the one that seals what the session is known by at home; `null` when nothing is. */
  readonly vaultKeyId: string | null;
  /** When it was told that nobody uses it; `null` when it was not, or when it was used since. */
  readonly noticedAtMs: number | null;
}

export interface SessionRecord extends SessionSummary {
  /** Auth keys by data centre. On disk they are sealed. */
  readonly authKeys: ReadonlyMap<number, Uint8Array>;
}

/** The accounts' sessions, their auth keys sealed at rest. */
export interface SessionRepository {
  /** A key whose row was changed or moved is not among its keys. @throws {TelegraphistError} `VAULT_WRONG_KEY` */
  load(account: AccountName): Promise<SessionRecord | null>;
  /**
   * Writes the whole session. When another person than before is logged in, what was learned as the former (peers with
   * their access hashes, update states, flood waits, events) is forgotten with it; a `userId` of `null` keeps the known one.
   *
   * @throws {TelegraphistError} `VAULT_WRONG_KEY` when another key sealed what is on disk; nothing is overwritten then
   */
  save(record: SessionRecord): Promise<void>;
  /**
   * Writes a session that takes the place of another of the same person. In the same transaction the keys until now
   * become the account's spare ones, in place of those that were there.
   *
   * @throws {TelegraphistError} as `save`
   */
  succeed(record: SessionRecord): Promise<void>;
  /** All sessions by account name; needs no key. */
  list(): Promise<readonly StoredSession[]>;
  /**
   * Forgets it with all that the account has learned: people and chats, contacts, links, how far the updates were read, and
   * the password. What Telegram wants waited for stays until it is over, as a new login is no way round it.
   *
   * @returns whether there was one
   */
  delete(account: AccountName): Promise<boolean>;
  /** Notes that it was used; an earlier time changes nothing. */
  touch(account: AccountName, atMs: number): Promise<void>;
  /** Notes that it was told that nobody uses it. */
  notice(account: AccountName, atMs: number): Promise<void>;
}

export function createSessionRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): SessionRepository {
  const write = (queries: Queries, record: SessionRecord) => {
    ensureAccount(queries, record.account, now());
    changeOwner(queries, record);
    const row = rowOf(record);
    queries.insert(sessions).values(row).onConflictDoUpdate({ target: sessions.account, set: row }).run();
    saveKeys(queries, vault, record);
  };
  return {
    load: (account) =>
      database.run("sessions.load", (queries) => {
        const row = queries.query.sessions
          .findFirst({ where: eq(sessions.account, account), with: { owner: true } })
          .sync();
        return row === undefined ? null : { ...summaryOf(row), authKeys: openKeys(queries, vault, account) };
      }),

    save: (record) => database.transact("sessions.save", (queries) => write(queries, record)),

    succeed: (record) =>
      database.transact("sessions.succeed", (queries) => {
        const { account } = record;
        writeSpareKeys(queries, vault, account, openKeys(queries, vault, account));
        write(queries, record);
      }),

    list: () =>
      database.run("sessions.list", (queries) =>
        queries.query.sessions
          .findMany({
            with: { owner: true, authKeys: { columns: { dataCentreId: true, keyId: true } } },
            orderBy: sessions.account,
          })
          .sync()
          .map((row) => {
            const home = row.authKeys.find(({ dataCentreId }) => dataCentreId === row.mainDataCentreId);
            return { ...summaryOf(row), vaultKeyId: home?.keyId ?? null, noticedAtMs: noticeOf(row) };
          }),
      ),

    delete: (account) =>
      database.transact("sessions.delete", (queries) => {
        forget(queries, account, learnedTables);
        const deleted = queries
          .delete(sessions)
          .where(eq(sessions.account, account))
          .returning({ account: sessions.account });
        return deleted.all().length > 0;
      }),

    touch: (account, atMs) =>
      database.run("sessions.touch", (queries) => {
        queries
          .update(sessions)
          .set({ lastUsedAtMs: sql`max(${sessions.lastUsedAtMs}, ${atMs})` })
          .where(eq(sessions.account, account))
          .run();
      }),

    notice: (account, atMs) =>
      database.run("sessions.notice", (queries) => {
        queries.update(sessions).set({ noticedAtMs: atMs }).where(eq(sessions.account, account)).run();
      }),
  };
}

/** What a session serves to learn; contacts and links go with the peers. */
const learnedTables = [accountPasswords, peers, updateStates, channelStates] as const;
const ownersTables = [...learnedTables, floodWaits, journalEvents, deadLetters, sentMessages] as const;

function forget(
  queries: Queries,
  account: AccountName,
  tables: readonly (typeof ownersTables)[number][],
): void {
  for (const table of tables) queries.delete(table).where(eq(table.account, account)).run();
}

/** Access hashes, update states, messages, and the password are one person's alone. */
function changeOwner(queries: Queries, { account, userId }: SessionRecord): void {
  if (userId === null) return;
  const former = queries.select().from(accounts).where(eq(accounts.name, account)).get()?.userId ?? null;
  if (former === userId) return;
  if (former !== null) forget(queries, account, ownersTables);
  queries.update(accounts).set({ userId }).where(eq(accounts.name, account)).run();
}

/** A row that was changed or moved is as good as none: one of them must not be in the way of a new login. */
function openKeys(queries: Queries, vault: Vault, account: AccountName): Map<number, Uint8Array> {
  const rows = queries.select().from(authKeys).where(eq(authKeys.account, account)).all();
  const keys = new Map<number, Uint8Array>();
  for (const { dataCentreId, keyId, sealed } of rows) {
    try {
      keys.set(dataCentreId, vault.open({ keyId, bytes: sealed }, placeOf(account, dataCentreId)));
    } catch (error) {
      if (!hasCode(error, "VAULT_CORRUPT")) throw error;
    }
  }
  return keys;
}

/** Opens what is there first, so that a wrong key never replaces what the right one sealed. */
function saveKeys(queries: Queries, vault: Vault, { account, authKeys: keys }: SessionRecord): void {
  openKeys(queries, vault, account);
  const isGone = and(eq(authKeys.account, account), notInArray(authKeys.dataCentreId, [...keys.keys()]));
  queries.delete(authKeys).where(isGone).run();
  if (keys.size === 0) return;
  const rows = [...keys].map(([dataCentreId, key]) => {
    const { keyId, bytes } = vault.seal(key, placeOf(account, dataCentreId));
    return { account, dataCentreId, keyId, sealed: Buffer.from(bytes) };
  });
  queries
    .insert(authKeys)
    .values(rows)
    .onConflictDoUpdate({
      target: [authKeys.account, authKeys.dataCentreId],
      set: { keyId: sql`excluded.key_id`, sealed: sql`excluded.sealed` },
    })
    .run();
}

/** What seals an auth key into its row. */
export function placeOf(account: string, dataCentreId: number): string {
  return `auth-key/${account}/${dataCentreId}`;
}

type SessionRow = typeof sessions.$inferSelect;

function rowOf({ account, mainDataCentreId, state, device, ...times }: SessionRecord): SessionRow {
  return {
    account,
    mainDataCentreId,
    state,
    deviceModel: device.model,
    deviceSystemVersion: device.systemVersion,
    deviceAppVersion: device.appVersion,
    createdAtMs: times.createdAtMs,
    lastUsedAtMs: times.lastUsedAtMs,
    lastVerifiedAtMs: times.lastVerifiedAtMs,
    noticedAtMs: null,
  };
}

function noticeOf({ noticedAtMs, lastUsedAtMs }: SessionRow): number | null {
  return noticedAtMs !== null && noticedAtMs > lastUsedAtMs ? noticedAtMs : null;
}

/** A damaged database may lack the account that a session belongs to. */
type OwnedRow = SessionRow & { readonly owner: { readonly userId: string | null } | null };

function summaryOf(row: OwnedRow): SessionSummary {
  const userId = row.owner?.userId ?? null;
  return {
    account: parseAccountName(row.account),
    userId: userId === null ? null : parseUserId(userId),
    mainDataCentreId: row.mainDataCentreId,
    state: row.state,
    device: {
      model: row.deviceModel,
      systemVersion: row.deviceSystemVersion,
      appVersion: row.deviceAppVersion,
    },
    createdAtMs: row.createdAtMs,
    lastUsedAtMs: row.lastUsedAtMs,
    lastVerifiedAtMs: row.lastVerifiedAtMs,
  };
}
