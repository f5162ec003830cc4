import { and, asc, count, eq, gt, inArray, lte, notExists, notInArray, sql } from "drizzle-orm";
import type { AccountName, PluginName, TelegraphistEvent } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database, Queries } from "./database.ts";
import { journalAcks, journalCursors, journalEvents, journalFailures } from "./schema/journal.ts";
import { openJson, sealJson } from "./sealed-json.ts";
import { type UpdateStateChange, writeUpdateStateChange } from "./update-states.ts";

/** Events of one account, and how far it has read with them. */
export interface JournalBatch {
  readonly account: AccountName;
  readonly events: readonly TelegraphistEvent[];
  /** `null` changes nothing. */
  readonly state: UpdateStateChange | null;
}

export interface JournalEntry {
  readonly seq: number;
  /** The one plugin that it is for; `null` for everyone. */
  readonly onlyFor: PluginName | null;
  /** `null` when the row was damaged. */
  readonly event: TelegraphistEvent | null;
}

/** How far one plugin has come. */
export interface JournalPlace {
  /** It has handled everything up to here. */
  readonly throughSeq: number;
  /** What it has handled beyond. */
  readonly handled: ReadonlySet<number>;
  /** How often it was given an event in vain, where that is known. */
  readonly attempts: ReadonlyMap<number, number>;
}

/** What one plugin has handled. */
export interface JournalProgress {
  readonly plugin: PluginName;
  /** Everything up to here. */
  readonly throughSeq: number;
  /** And these beyond. */
  readonly beyond: readonly number[];
}

/** What waits for one plugin. */
export interface JournalBacklog {
  readonly plugin: PluginName;
  /** At most so many events; some may be for others, or gone. */
  readonly unhandled: number;
  /** When the oldest of them was received; `null` when there is none. */
  readonly oldestAtMs: number | null;
}

export interface JournalPruning {
  /** Of events that every plugin has handled, those received before are forgotten. */
  readonly handledBeforeMs: number;
  /** All events received before are forgotten. */
  readonly anyBeforeMs: number;
  /** The most rows that are looked at. */
  readonly limit: number;
}

/** What was received and who has handled it, until all have. */
export interface JournalRepository {
  /**
   * Writes all batches with their states, or nothing.
   *
   * @returns the number of each event, by batch; `null` for one that the journal holds already
   */
  append(batches: readonly JournalBatch[]): Promise<readonly (readonly (number | null)[])[]>;
  /** The number of the latest event; 0 before the first. */
  head(): Promise<number>;
  /** Entries after that one, in order. */
  read(afterSeq: number, limit: number): Promise<readonly JournalEntry[]>;
  /** Gives the plugins a place at the journal's head where they have none, and forgets those of all others. */
  enroll(plugins: readonly PluginName[]): Promise<void>;
  /** Where the plugin stands; one that has no place is given it at the journal's head. */
  placeOf(plugin: PluginName): Promise<JournalPlace>;
  /** Forgets where the plugin stands. */
  withdraw(plugin: PluginName): Promise<void>;
  /** Notes what the plugins have handled; one that has no place is left out. */
  acknowledge(progress: readonly JournalProgress[]): Promise<void>;
  /** Notes how often the plugin was given an event in vain, or is about to be; the latest word holds. */
  noteAttempts(plugin: PluginName, seq: number, attempts: number): Promise<void>;
  /** What waits for each plugin that has a place, by their names. */
  backlogs(): Promise<readonly JournalBacklog[]>;
  /** @returns how many rows it forgot, and how many of them some plugin had not handled */
  prune(pruning: JournalPruning): Promise<{ readonly forgotten: number; readonly unhandled: number }>;
}

export function createJournalRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): JournalRepository {
  let insert: ReturnType<typeof prepareInsert> | null = null;

  return {
    append: (batches) =>
      database.transact("journal.append", (queries) => {
        insert ??= prepareInsert(queries);
        const add = insert;
        return batches.map(({ account, events, state }) => {
          ensureAccount(queries, account, now());
          if (state !== null) writeUpdateStateChange(queries, account, state);
          return events.map((event) => {
            const key = event.id;
            const sealed = sealJson(vault, event, placeOf(account, key));
            const row = { account, key, onlyFor: "", receivedAtMs: event.receivedAtMs, ...sealed };
            return add.get(row)?.seq ?? null;
          });
        });
      }),

    head: () => database.run("journal.head", headOf),

    read: (afterSeq, limit) =>
      database.run("journal.read", (queries) => {
        const after = queries.select().from(journalEvents).where(gt(journalEvents.seq, afterSeq));
        const rows = after.orderBy(asc(journalEvents.seq)).limit(limit).all();
        return rows.map(({ seq, account, key, onlyFor, keyId, sealed }) => ({
          seq,
          // Written by `replay` from a plugin's name, or empty.
          onlyFor: onlyFor === "" ? null : (onlyFor as PluginName),
          event: openJson<TelegraphistEvent>(vault, { keyId, sealed }, placeOf(account, key)),
        }));
      }),

    enroll: (plugins) =>
      database.transact("journal.enroll", (queries) => {
        queries
          .delete(journalCursors)
          .where(notInArray(journalCursors.plugin, [...plugins]))
          .run();
        for (const plugin of plugins) addCursor(queries, plugin);
      }),

    placeOf: (plugin) =>
      database.transact("journal.placeOf", (queries) => {
        addCursor(queries, plugin);
        const isOwn = eq(journalCursors.plugin, plugin);
        const cursor = queries.select().from(journalCursors).where(isOwn).get();
        const acks = queries.select().from(journalAcks).where(eq(journalAcks.plugin, plugin)).all();
        const failed = queries.select().from(journalFailures).where(eq(journalFailures.plugin, plugin)).all();
        return {
          throughSeq: cursor?.throughSeq ?? 0,
          handled: new Set(acks.map(({ seq }) => seq)),
          attempts: new Map(failed.map(({ seq, attempts }) => [seq, attempts])),
        };
      }),

    withdraw: (plugin) =>
      database.transact("journal.withdraw", (queries) => {
        queries.delete(journalCursors).where(eq(journalCursors.plugin, plugin)).run();
      }),

    acknowledge: (progress) =>
      database.transact("journal.acknowledge", (queries) => {
        for (const one of progress) acknowledgeOne(queries, one);
      }),

    noteAttempts: (plugin, seq, attempts) =>
      database.transact("journal.noteAttempts", (queries) => {
        queries
          .insert(journalFailures)
          .values({ plugin, seq, attempts })
          .onConflictDoUpdate({
            target: [journalFailures.plugin, journalFailures.seq],
            set: { attempts },
          })
          .run();
      }),

    backlogs: () =>
      database.run("journal.backlogs", (queries) => {
        const head = headOf(queries);
        const cursors = queries.select().from(journalCursors).orderBy(asc(journalCursors.plugin)).all();
        return cursors.map(({ plugin, throughSeq }) => ({
          // Written by `enroll` from a plugin's name.
          plugin: plugin as PluginName,
          ...backlogOf(queries, { plugin, throughSeq, head }),
        }));
      }),

    prune: ({ handledBeforeMs, anyBeforeMs, limit }) =>
      database.transact("journal.prune", (queries) => {
        const { seq, receivedAtMs } = journalEvents;
        const oldest = queries.select({ seq, receivedAtMs }).from(journalEvents).orderBy(asc(seq));
        const slowest = queries
          .select({ seq: sql<number>`coalesce(min(through_seq), ${Number.MAX_SAFE_INTEGER})` })
          .from(journalCursors)
          .get();
        const handledThrough = slowest?.seq ?? 0;
        const over = oldest
          .limit(limit)
          .all()
          .filter(
            (row) =>
              row.receivedAtMs < anyBeforeMs ||
              (row.receivedAtMs < handledBeforeMs && row.seq <= handledThrough),
          );
        const numbers = over.map((row) => row.seq);
        queries.delete(journalEvents).where(inArray(seq, numbers)).run();
        return {
          forgotten: over.length,
          unhandled: numbers.filter((number) => number > handledThrough).length,
        };
      }),
  };
}

function acknowledgeOne(queries: Queries, { plugin, throughSeq, beyond }: JournalProgress): void {
  const set = { throughSeq: sql`max(through_seq, ${throughSeq})` };
  const isOwn = eq(journalCursors.plugin, plugin);
  const known = queries.update(journalCursors).set(set).where(isOwn).returning().all();
  // A plugin that was disabled meanwhile has no place to note anything at.
  if (known.length === 0) return;
  for (const table of [journalAcks, journalFailures]) {
    queries
      .delete(table)
      .where(and(eq(table.plugin, plugin), lte(table.seq, throughSeq)))
      .run();
  }
  for (const seq of beyond) {
    queries.insert(journalAcks).values({ plugin, seq }).onConflictDoNothing().run();
  }
}

interface Stand {
  readonly plugin: string;
  readonly throughSeq: number;
  readonly head: number;
}

function backlogOf(
  queries: Queries,
  { plugin, throughSeq, head }: Stand,
): Pick<JournalBacklog, "unhandled" | "oldestAtMs"> {
  const isAck = and(eq(journalAcks.plugin, plugin), eq(journalAcks.seq, journalEvents.seq));
  const oldest = queries
    .select({ receivedAtMs: journalEvents.receivedAtMs })
    .from(journalEvents)
    .where(
      and(
        gt(journalEvents.seq, throughSeq),
        inArray(journalEvents.onlyFor, ["", plugin]),
        notExists(queries.select().from(journalAcks).where(isAck)),
      ),
    )
    .orderBy(asc(journalEvents.seq))
    .get();
  if (oldest === undefined) return { unhandled: 0, oldestAtMs: null };
  const acks = queries
    .select({ rows: count() })
    .from(journalAcks)
    .where(eq(journalAcks.plugin, plugin))
    .get();
  return { unhandled: head - throughSeq - (acks?.rows ?? 0), oldestAtMs: oldest.receivedAtMs };
}

/** What seals an event into its row. */
export function placeOf(account: string, key: string): string {
  return `journal/${account}/${key}`;
}

function prepareInsert(queries: Queries) {
  const { placeholder } = sql;
  return queries
    .insert(journalEvents)
    .values({
      account: placeholder("account"),
      key: placeholder("key"),
      onlyFor: placeholder("onlyFor"),
      receivedAtMs: placeholder("receivedAtMs"),
      keyId: placeholder("keyId"),
      sealed: placeholder("sealed"),
    })
    .onConflictDoNothing()
    .returning({ seq: journalEvents.seq })
    .prepare();
}

/** The highest number that was ever given, also when its row is gone. */
function headOf(queries: Queries): number {
  const last = sql`SELECT seq FROM sqlite_sequence WHERE name = 'journal_events'`;
  const [row] = queries.values<[number]>(last);
  return row?.[0] ?? 0;
}

function addCursor(queries: Queries, plugin: PluginName): void {
  queries
    .insert(journalCursors)
    .values({ plugin, throughSeq: headOf(queries) })
    .onConflictDoNothing()
    .run();
}
