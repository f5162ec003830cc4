import { and, eq, lt } from "drizzle-orm";
import type { AccountName, Message } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database } from "./database.ts";
import { sentMessages } from "./schema/journal.ts";
import { openJson, sealJson } from "./sealed-json.ts";

/** What was sent under random ids that a repetition would use again. */
export interface SentMessageRepository {
  find(account: AccountName, randomId: string): Promise<Message | null>;
  /** Notes all of them or none; one that is known stays as it is. */
  put(account: AccountName, sent: ReadonlyMap<string, Message>): Promise<void>;
  /** Forgets what was sent before, and says how many they were. */
  prune(beforeMs: number): Promise<number>;
}

export function createSentMessageRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): SentMessageRepository {
  return {
    find: (account, randomId) =>
      database.run("sentMessages.find", (queries) => {
        const isIt = and(eq(sentMessages.account, account), eq(sentMessages.randomId, randomId));
        const row = queries.select().from(sentMessages).where(isIt).get();
        return row === undefined ? null : openJson<Message>(vault, row, placeOf(account, randomId));
      }),

    put: (account, sent) =>
      database.transact("sentMessages.put", (queries) => {
        ensureAccount(queries, account, now());
        for (const [randomId, message] of sent) {
          const sealed = sealJson(vault, message, placeOf(account, randomId));
          const row = { account, randomId, sentAtMs: now(), ...sealed };
          queries.insert(sentMessages).values(row).onConflictDoNothing().run();
        }
      }),

    prune: (beforeMs) =>
      database.run("sentMessages.prune", (queries) => {
        const over = queries.delete(sentMessages).where(lt(sentMessages.sentAtMs, beforeMs));
        return over.returning({ randomId: sentMessages.randomId }).all().length;
      }),
  };
}

/** What seals a message into its row. */
export function placeOf(account: string, randomId: string): string {
  return `sent-message/${account}/${randomId}`;
}
