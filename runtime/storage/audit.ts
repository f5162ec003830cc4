import { and, desc, eq, lt, lte, or, sql } from "drizzle-orm";
import type { Database, Queries } from "./database.ts";
import { auditEntries } from "./schema/audit.ts";

/** What a plugin did or was refused, as it is kept. */
export interface AuditRecord {
  readonly atMs: number;
  readonly plugin: string;
  readonly account: string | null;
  readonly call: string;
  readonly target: string | null;
  readonly verdict: string;
  readonly permission: string | null;
  readonly code: string | null;
  readonly durationMs: number | null;
  readonly eventId: string | null;
  readonly count: number;
}

/** A record with its number, which rises with each. */
export interface AuditRow extends AuditRecord {
  readonly id: number;
}

/** Which rows are wanted; all that is named must fit. */
export interface AuditFilter {
  readonly limit: number;
  /** Only rows with a smaller number. */
  readonly beforeId?: number | undefined;
  readonly plugin?: string | undefined;
  readonly account?: string | undefined;
  readonly verdict?: string | undefined;
}

export interface AuditPruning {
  /** Rows that are older go. */
  readonly beforeMs: number;
  /** How many of the newest stay. */
  readonly keep: number;
}

/** The record of what plugins did. */
export interface AuditRepository {
  /** Writes all of them, or nothing. */
  add(records: readonly AuditRecord[]): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<readonly AuditRow[]>;
  /** Forgets what is too old or too much, and says how many rows that were. */
  prune(pruning: AuditPruning): Promise<number>;
}

export function createAuditRepository(database: Database): AuditRepository {
  let insert: ReturnType<typeof prepareInsert> | null = null;

  return {
    add: (records) =>
      database.transact("audit.add", (queries) => {
        insert ??= prepareInsert(queries);
        for (const record of records) insert.run({ ...record });
      }),

    list: ({ limit, beforeId, plugin, account, verdict }) =>
      database.run("audit.list", (queries) =>
        queries
          .select()
          .from(auditEntries)
          .where(
            and(
              beforeId === undefined ? undefined : lt(auditEntries.id, beforeId),
              plugin === undefined ? undefined : eq(auditEntries.plugin, plugin),
              account === undefined ? undefined : eq(auditEntries.account, account),
              verdict === undefined ? undefined : eq(auditEntries.verdict, verdict),
            ),
          )
          .orderBy(desc(auditEntries.id))
          .limit(limit)
          .all(),
      ),

    prune: ({ beforeMs, keep }) =>
      database.run("audit.prune", (queries) => {
        const newest = queries
          .select({ id: sql<number>`max(${auditEntries.id})` })
          .from(auditEntries)
          .get();
        const isOver = or(lt(auditEntries.atMs, beforeMs), lte(auditEntries.id, (newest?.id ?? 0) - keep));
        return queries.delete(auditEntries).where(isOver).returning({ id: auditEntries.id }).all().length;
      }),
  };
}

/** Built once: building costs more than running it. */
function prepareInsert(queries: Queries) {
  const { placeholder } = sql;
  return queries
    .insert(auditEntries)
    .values({
      atMs: placeholder("atMs"),
      plugin: placeholder("plugin"),
      account: placeholder("account"),
      call: placeholder("call"),
      target: placeholder("target"),
      verdict: placeholder("verdict"),
      permission: placeholder("permission"),
      code: placeholder("code"),
      durationMs: placeholder("durationMs"),
      eventId: placeholder("eventId"),
      count: placeholder("count"),
    })
    .prepare();
}
