import { eq, lte, sql } from "drizzle-orm";
import { type AccountName, type ChatId, parseAccountName, parseChatId } from "../contract/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database } from "./database.ts";
import { floodWaits } from "./schema/flood-waits.ts";

/** A time before which Telegram does not want a method called. */
export interface FloodWaitRecord {
  readonly account: AccountName;
  readonly method: string;
  /** `null` where it holds for every chat. */
  readonly chatId: ChatId | null;
  readonly untilMs: number;
}

/** Flood waits, so that a restart does not forget them. */
export interface FloodWaitRepository {
  list(account: AccountName): Promise<readonly FloodWaitRecord[]>;
  /** An earlier end never shortens a later one. */
  put(wait: FloodWaitRecord): Promise<void>;
  /** Forgets all of an account. */
  clear(account: AccountName): Promise<void>;
  /** Forgets those that are over, and says how many they were. */
  prune(nowMs: number): Promise<number>;
}

export function createFloodWaitRepository(database: Database, now: () => number): FloodWaitRepository {
  return {
    list: (account) =>
      database.run("floodWaits.list", (queries) =>
        queries.select().from(floodWaits).where(eq(floodWaits.account, account)).all().map(recordOf),
      ),

    put: ({ account, method, chatId, untilMs }) =>
      database.transact("floodWaits.put", (queries) => {
        ensureAccount(queries, account, now());
        queries
          .insert(floodWaits)
          .values({ account, method, chatId: chatId ?? "", untilMs })
          .onConflictDoUpdate({
            target: [floodWaits.account, floodWaits.method, floodWaits.chatId],
            set: { untilMs: sql`max(excluded.until_ms, flood_waits.until_ms)` },
          })
          .run();
      }),

    clear: (account) =>
      database.run("floodWaits.clear", (queries) => {
        queries.delete(floodWaits).where(eq(floodWaits.account, account)).run();
      }),

    prune: (nowMs) =>
      database.run("floodWaits.prune", (queries) => {
        const over = queries.delete(floodWaits).where(lte(floodWaits.untilMs, nowMs));
        return over.returning({ method: floodWaits.method }).all().length;
      }),
  };
}

function recordOf(row: typeof floodWaits.$inferSelect): FloodWaitRecord {
  return {
    account: parseAccountName(row.account),
    method: row.method,
    chatId: row.chatId === "" ? null : parseChatId(row.chatId),
    untilMs: row.untilMs,
  };
}
