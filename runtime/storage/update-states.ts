import { and, eq, inArray, sql } from "drizzle-orm";
import { type AccountName, type ChatId, parseChatId } from "../contract/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database, Queries } from "./database.ts";
import { channelStates, updateStates } from "./schema/update-states.ts";

/** How far an account has read the common updates: core.telegram.org/api/updates. */
export interface UpdateState {
  readonly pts: number;
  readonly qts: number;
  /** Seconds since 1970, as Telegram wants it back. */
  readonly date: number;
  readonly seq: number;
}

/** How far an account has read a channel. */
export interface ChannelState {
  readonly pts: number;
  /** Telegram's time, in seconds, of the last that was applied; `null` when it is not known. */
  readonly date: number | null;
}

/** What a batch of updates changed about how far an account has read. */
export interface UpdateStateChange {
  /** `null` leaves it as it was. */
  readonly account: UpdateState | null;
  /** The channels that moved. */
  readonly channels: ReadonlyMap<ChatId, ChannelState>;
  /** Channels that the account can no longer read. */
  readonly forgotten: readonly ChatId[];
}

/** How far the accounts have read Telegram's updates. */
export interface UpdateStateRepository {
  load(account: AccountName): Promise<UpdateState | null>;
  /** Every channel that the account reads. */
  loadChannels(account: AccountName): Promise<ReadonlyMap<ChatId, ChannelState>>;
  /** Writes the whole change or nothing of it. */
  apply(account: AccountName, change: UpdateStateChange): Promise<void>;
  /** Forgets how far the account has read, so that its next start begins from Telegram's present. */
  clear(account: AccountName): Promise<void>;
}

export function createUpdateStateRepository(database: Database, now: () => number): UpdateStateRepository {
  return {
    load: (account) =>
      database.run("updateStates.load", (queries) => {
        const { pts, qts, date, seq } = updateStates;
        const where = eq(updateStates.account, account);
        return queries.select({ pts, qts, date, seq }).from(updateStates).where(where).get() ?? null;
      }),

    loadChannels: (account) =>
      database.run("updateStates.loadChannels", (queries) => {
        const rows = queries.select().from(channelStates).where(eq(channelStates.account, account)).all();
        return new Map(rows.map(({ chatId, pts, date }) => [parseChatId(chatId), { pts, date }]));
      }),

    apply: (account, change) =>
      database.transact("updateStates.apply", (queries) => {
        ensureAccount(queries, account, now());
        writeUpdateStateChange(queries, account, change);
      }),

    clear: (account) =>
      database.transact("updateStates.clear", (queries) => {
        queries.delete(updateStates).where(eq(updateStates.account, account)).run();
        queries.delete(channelStates).where(eq(channelStates.account, account)).run();
      }),
  };
}

/** Writes a change inside a transaction of the caller's, for an account that has its row. */
export function writeUpdateStateChange(
  queries: Queries,
  account: AccountName,
  { account: state, channels, forgotten }: UpdateStateChange,
): void {
  if (state !== null) writeState(queries, account, state);
  writeChannels(queries, account, channels);
  forgetChannels(queries, account, forgotten);
}

function writeState(queries: Queries, account: AccountName, { pts, qts, date, seq }: UpdateState): void {
  const set = { pts, qts, date, seq };
  queries
    .insert(updateStates)
    .values({ account, ...set })
    .onConflictDoUpdate({ target: updateStates.account, set })
    .run();
}

/** One statement for all: making one for each channel takes longer than what they do. */
function writeChannels(
  queries: Queries,
  account: AccountName,
  channels: ReadonlyMap<ChatId, ChannelState>,
): void {
  if (channels.size === 0) return;
  const states = JSON.stringify(Object.fromEntries(channels));
  // Without "where true" SQLite reads "on" as part of a join.
  const rows = sql`
    select ${account}, key, value ->> 'pts', value ->> 'date' from json_each(${states}) where true
  `;
  queries
    .insert(channelStates)
    .select(rows)
    .onConflictDoUpdate({
      target: [channelStates.account, channelStates.chatId],
      set: { pts: sql`excluded.pts`, date: sql`excluded.date` },
    })
    .run();
}

function forgetChannels(queries: Queries, account: AccountName, forgotten: readonly ChatId[]): void {
  if (forgotten.length === 0) return;
  const isForgotten = inArray(channelStates.chatId, [...forgotten]);
  queries
    .delete(channelStates)
    .where(and(eq(channelStates.account, account), isForgotten))
    .run();
}
