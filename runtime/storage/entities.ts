import { and, desc, eq, sql } from "drizzle-orm";
import { type AccountName, type ChatId, type JsonValue, parseChatId } from "../contract/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database } from "./database.ts";
import { peers } from "./schema/peers.ts";

/** A person or chat as one account knows it. */
export interface EntityRecord {
  readonly chatId: ChatId;
  readonly kind: "user" | "group" | "channel";
  /** What Telegram wants beside the id; holds for this account alone. */
  readonly accessHash: string | null;
  /** Without the `@`, in lower case. */
  readonly username: string | null;
  /** Seen in part only: core.telegram.org/api/min. */
  readonly isMin: boolean;
  /** The contract's `User` or `Chat`. */
  readonly snapshot: JsonValue;
  readonly seenAtMs: number;
  /** @default not known, or as it was */
  readonly lastMessageAtMs?: number | null;
}

/** Everyone and every chat that the accounts have met. */
export interface EntityRepository {
  /**
   * Writes all of them or none. A min sighting of a peer that is known in full changes nothing but the time, and a
   * sighting without an access hash keeps the known one.
   */
  upsert(account: AccountName, records: readonly EntityRecord[]): Promise<void>;
  byId(account: AccountName, chatId: ChatId): Promise<EntityRecord | null>;
  /** Who was last seen under that name, in any case. */
  byUsername(account: AccountName, username: string): Promise<EntityRecord | null>;
  /** Forgets all peers of the account, their contacts and invite links included. */
  clear(account: AccountName): Promise<void>;
}

/** SQLite takes 32,766 parameters in one statement; a row has nine. */
const rowsPerStatement = 1000;

export function createEntityRepository(database: Database, now: () => number): EntityRepository {
  return {
    async upsert(account, records) {
      if (records.length === 0) return;
      await database.transact("entities.upsert", (queries) => {
        ensureAccount(queries, account, now());
        for (let start = 0; start < records.length; start += rowsPerStatement) {
          const rows = records
            .slice(start, start + rowsPerStatement)
            .map((record) => ({ ...record, account, username: record.username?.toLowerCase() ?? null }));
          queries
            .insert(peers)
            .values(rows)
            .onConflictDoUpdate({ target: [peers.account, peers.chatId], set: merged })
            .run();
        }
      });
    },

    byId: (account, chatId) =>
      database.run("entities.byId", (queries) => {
        const where = and(eq(peers.account, account), eq(peers.chatId, chatId));
        const row = queries.select().from(peers).where(where).get();
        return row === undefined ? null : recordOf(row);
      }),

    byUsername: (account, username) =>
      database.run("entities.byUsername", (queries) => {
        const where = and(eq(peers.account, account), eq(peers.username, username.toLowerCase()));
        const row = queries.select().from(peers).where(where).orderBy(desc(peers.seenAtMs)).get();
        return row === undefined ? null : recordOf(row);
      }),

    clear: (account) =>
      database.run("entities.clear", (queries) => {
        queries.delete(peers).where(eq(peers.account, account)).run();
      }),
  };
}

/** The new value, unless it comes from a min sighting of a peer that is known in full. */
const unlessPoorer = (column: string) =>
  sql.raw(`CASE WHEN excluded.is_min AND NOT peers.is_min THEN peers.${column} ELSE excluded.${column} END`);

const merged = {
  kind: unlessPoorer("kind"),
  accessHash: sql`coalesce(${unlessPoorer("access_hash")}, peers.access_hash)`,
  username: unlessPoorer("username"),
  snapshot: unlessPoorer("snapshot"),
  isMin: sql`excluded.is_min AND peers.is_min`,
  seenAtMs: sql`max(excluded.seen_at_ms, peers.seen_at_ms)`,
  lastMessageAtMs: sql`CASE WHEN peers.last_message_at_ms >= coalesce(excluded.last_message_at_ms, 0)
    THEN peers.last_message_at_ms ELSE excluded.last_message_at_ms END`,
};

/** A row without the account that it belongs to. */
export function recordOf({ account: _, ...row }: typeof peers.$inferSelect): EntityRecord {
  return { ...row, chatId: parseChatId(row.chatId) };
}
