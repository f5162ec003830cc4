import { count, desc, eq, lt } from "drizzle-orm";
import {
  type AccountName,
  type ChatId,
  type EventName,
  type PluginName,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import type { Database, Queries } from "./database.ts";
import { placeOf } from "./journal.ts";
import { deadLetters, journalEvents } from "./schema/journal.ts";
import { openJson, sealJson } from "./sealed-json.ts";

/** An event that a plugin was given too often in vain. */
export interface DeadLetterRecord {
  readonly plugin: PluginName;
  readonly chatId: ChatId | null;
  readonly event: TelegraphistEvent;
  readonly attempts: number;
  /** Free of what people wrote. */
  readonly error: { readonly code: string; readonly message: string };
}

/** A dead letter without its content. */
export interface DeadLetterSummary {
  /** A decimal number. */
  readonly id: string;
  readonly plugin: PluginName;
  readonly account: AccountName;
  readonly eventId: string;
  readonly type: EventName;
  readonly chatId: ChatId | null;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string };
  readonly failedAtMs: number;
}

/** Events that were put aside, until a person replays or drops them. */
export interface DeadLetterRepository {
  /** @returns the id of the letter */
  add(letter: DeadLetterRecord): Promise<string>;
  count(): Promise<number>;
  /** Newest first. */
  list(limit: number): Promise<readonly DeadLetterSummary[]>;
  /**
   * Takes the letter off the list, and puts its event at the journal's end for that plugin alone.
   *
   * @throws {TelegraphistError} `DEAD_LETTER_UNKNOWN`, or `DEAD_LETTER_DAMAGED` when its event cannot be opened
   */
  replay(id: string): Promise<void>;
  /** @throws {TelegraphistError} `DEAD_LETTER_UNKNOWN` */
  drop(id: string): Promise<void>;
  /** Forgets what was put aside before, and says how many they were. */
  prune(beforeMs: number): Promise<number>;
}

export function createDeadLetterRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): DeadLetterRepository {
  return {
    add: ({ plugin, chatId, event, attempts, error }) =>
      database.run("deadLetters.add", (queries) => {
        const account = event.account.name;
        const { id } = queries
          .insert(deadLetters)
          .values({
            plugin,
            account,
            chatId,
            eventId: event.id,
            type: event.type,
            attempts,
            errorCode: error.code,
            errorMessage: error.message,
            failedAtMs: now(),
            ...sealJson(vault, event, letterPlace(plugin, event.id)),
          })
          .returning({ id: deadLetters.id })
          .get();
        return String(id);
      }),

    count: () =>
      database.run(
        "deadLetters.count",
        (queries) => queries.select({ rows: count() }).from(deadLetters).get()?.rows ?? 0,
      ),

    list: (limit) =>
      database.run("deadLetters.list", (queries) =>
        queries.select().from(deadLetters).orderBy(desc(deadLetters.id)).limit(limit).all().map(summaryOf),
      ),

    replay: (id) =>
      database.transact("deadLetters.replay", (queries) => {
        const row = take(queries, "replay", id);
        const event = openJson<TelegraphistEvent>(vault, row, letterPlace(row.plugin, row.eventId));
        if (event === null) throw damaged(id);
        const receivedAtMs = now();
        const key = `replay/${id}`;
        queries
          .insert(journalEvents)
          .values({
            account: row.account,
            key,
            onlyFor: row.plugin,
            receivedAtMs,
            ...sealJson(vault, event, placeOf(row.account, key)),
          })
          .run();
      }),

    drop: (id) => database.transact("deadLetters.drop", (queries) => void take(queries, "drop", id)),

    prune: (beforeMs) =>
      database.run("deadLetters.prune", (queries) => {
        const old = queries.delete(deadLetters).where(lt(deadLetters.failedAtMs, beforeMs));
        return old.returning({ id: deadLetters.id }).all().length;
      }),
  };
}

type Row = typeof deadLetters.$inferSelect;

function take(queries: Queries, action: string, id: string): Row {
  const isIt = eq(deadLetters.id, Number(id));
  const row = /^\d{1,15}$/.test(id) ? queries.delete(deadLetters).where(isIt).returning().get() : undefined;
  if (row !== undefined) return row;
  throw new TelegraphistError({
    code: "DEAD_LETTER_UNKNOWN",
    category: "NOT_FOUND",
    message: `Cannot ${action} dead letter ${JSON.stringify(id.slice(0, 40))}: there is none of that number`,
  });
}

function damaged(id: string): TelegraphistError {
  return new TelegraphistError({
    code: "DEAD_LETTER_DAMAGED",
    category: "STORAGE",
    message: `Cannot replay dead letter "${id}": its event was changed on disk and does not open`,
  });
}

/** What seals a letter into its row. */
export function letterPlace(plugin: string, eventId: string): string {
  return `dead-letter/${plugin}/${eventId}`;
}

function summaryOf(row: Row): DeadLetterSummary {
  return {
    id: String(row.id),
    // Written by `add` from values of these very types.
    plugin: row.plugin as PluginName,
    account: row.account as AccountName,
    type: row.type as EventName,
    chatId: row.chatId as ChatId | null,
    eventId: row.eventId,
    attempts: row.attempts,
    error: { code: row.errorCode, message: row.errorMessage },
    failedAtMs: row.failedAtMs,
  };
}
