import { and, eq } from "drizzle-orm";
import { type AccountName, type ChatId, parseChatId } from "../contract/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database } from "./database.ts";
import { channelStates, updateStates } from "./schema/update-states.ts";

/** How far an account has read the common updates: core.telegram.org/api/updates. */
export interface UpdateState {
  readonly pts: number;
  readonly qts: number;
  /** Seconds since 1970, as Telegram wants it back. */
  readonly date: number;
  readonly seq: number;
}

/** How far the accounts have read Telegram's updates. */
export interface UpdateStateRepository {
  load(account: AccountName): Promise<UpdateState | null>;
  save(account: AccountName, state: UpdateState): Promise<void>;
  /** The `pts` of every channel that the account reads. */
  loadChannels(account: AccountName): Promise<ReadonlyMap<ChatId, number>>;
  saveChannel(account: AccountName, chatId: ChatId, pts: number): Promise<void>;
  deleteChannel(account: AccountName, chatId: ChatId): Promise<void>;
}

export function createUpdateStateRepository(database: Database, now: () => number): UpdateStateRepository {
  return {
    load: (account) =>
      database.run("updateStates.load", (queries) => {
        const { pts, qts, date, seq } = updateStates;
        const where = eq(updateStates.account, account);
        return queries.select({ pts, qts, date, seq }).from(updateStates).where(where).get() ?? null;
      }),

    save: (account, { pts, qts, date, seq }) =>
      database.transact("updateStates.save", (queries) => {
        ensureAccount(queries, account, now());
        const set = { pts, qts, date, seq };
        queries
          .insert(updateStates)
          .values({ account, ...set })
          .onConflictDoUpdate({ target: updateStates.account, set })
          .run();
      }),

    loadChannels: (account) =>
      database.run("updateStates.loadChannels", (queries) => {
        const rows = queries.select().from(channelStates).where(eq(channelStates.account, account)).all();
        return new Map(rows.map(({ chatId, pts }) => [parseChatId(chatId), pts]));
      }),

    saveChannel: (account, chatId, pts) =>
      database.transact("updateStates.saveChannel", (queries) => {
        ensureAccount(queries, account, now());
        queries
          .insert(channelStates)
          .values({ account, chatId, pts })
          .onConflictDoUpdate({ target: [channelStates.account, channelStates.chatId], set: { pts } })
          .run();
      }),

    deleteChannel: (account, chatId) =>
      database.run("updateStates.deleteChannel", (queries) => {
        const where = and(eq(channelStates.account, account), eq(channelStates.chatId, chatId));
        queries.delete(channelStates).where(where).run();
      }),
  };
}
