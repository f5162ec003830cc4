import type { Database as Connection } from "bun:sqlite";
import { TelegraphistError } from "../contract/index.ts";
import { lookAfter, thisProcess } from "./lease-owner.ts";
import { wholeDatabase } from "./lease-subject.ts";
import first from "./migrations/0000_first.sql" with { type: "text" };
import journal from "./migrations/0001_journal.sql" with { type: "text" };
import channelDates from "./migrations/0002_channel_dates.sql" with { type: "text" };
import sessionLeases from "./migrations/0003_session_leases.sql" with { type: "text" };
import audit from "./migrations/0004_audit.sql" with { type: "text" };
import spareSessions from "./migrations/0005_spare_sessions.sql" with { type: "text" };
import pluginSchedules from "./migrations/0006_plugin_schedules.sql" with { type: "text" };
import sessionNotices from "./migrations/0007_session_notices.sql" with { type: "text" };

/** Every step of the schema in order. Append-only: databases out there have taken the earlier ones. */
export const migrations: readonly string[] = [
  first,
  journal,
  channelDates,
  sessionLeases,
  audit,
  spareSessions,
  pluginSchedules,
  sessionNotices,
];

/** Marks a database as Telegraphist's in its header: "TGPH". */
const applicationId = 0x54475048;

/** How many migrations a database has taken. */
export function schemaVersionOf(connection: Connection): number {
  return numberOf(connection, "user_version");
}

/**
 * Brings a database to the newest schema: all missing steps in one transaction, or none. Must run before foreign keys
 * are enforced, since a step may rebuild a table that others refer to.
 *
 * @throws {TelegraphistError} `LEASE_HELD` when a step is missing and a program, which knows none of it, runs on it
 * @throws {TelegraphistError} `STORAGE_NEWER_SCHEMA` when a later version of the program has written it
 * @throws {TelegraphistError} `STORAGE_FOREIGN` when another program has
 */
export function migrate(
  connection: Connection,
  steps: readonly string[] = migrations,
  now: () => number = Date.now,
): void {
  refuseForeign(connection);
  connection
    .transaction(() => {
      // Read inside the transaction: another process may have migrated while this one waited for the lock.
      const version = schemaVersionOf(connection);
      if (version > steps.length) throw newerSchema(version, steps.length);
      if (version === steps.length) return;
      refuseWhileRun(connection, now());
      for (const step of steps.slice(version)) connection.run(step);
      const broken = connection.query("PRAGMA foreign_key_check").all().length;
      if (broken > 0) throw brokenByMigration(broken);
      connection.run(`PRAGMA application_id = ${applicationId}`);
      connection.run(`PRAGMA user_version = ${steps.length}`);
    })
    .immediate();
}

interface RunRow {
  readonly host: string;
  readonly pid: number;
  readonly pid_start: string;
  readonly pid_space: string;
}

function refuseWhileRun(connection: Connection, nowMs: number): void {
  const hasLeases = connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'session_leases'").get();
  if (hasLeases === null) return;
  const held = connection
    .query<RunRow, [string, number]>(
      `SELECT host, pid, pid_start, pid_space FROM session_leases
        WHERE account = ? AND owner_id IS NOT NULL AND expires_at_ms > ?`,
    )
    .get(wholeDatabase, nowMs);
  if (held === null) return;
  const { host, pid, pid_start: pidStart, pid_space: pidSpace } = held;
  if (lookAfter({ id: "", host, pid, pidStart, pidSpace }, thisProcess()) === "gone") return;
  throw new TelegraphistError({
    code: "LEASE_HELD",
    category: "STORAGE",
    retryable: true,
    message:
      `Cannot bring the database to this version as process ${pid} on "${host}" runs on it with an older one: ` +
      "stop that program first; nothing was changed",
    data: { subject: wholeDatabase, host, pid },
  });
}

function refuseForeign(connection: Connection): void {
  const owner = numberOf(connection, "application_id");
  if (owner === applicationId) return;
  if (connection.query("SELECT 1 FROM sqlite_schema LIMIT 1").get() === null) return;
  throw new TelegraphistError({
    code: "STORAGE_FOREIGN",
    category: "CONFIG",
    message: "Cannot use database as another program's tables are in it: name another path under storage",
  });
}

function newerSchema(found: number, supported: number): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_NEWER_SCHEMA",
    category: "STORAGE",
    message:
      `Cannot open database as a newer Telegraphist wrote it: schema ${found}, ` +
      `this version knows ${supported}; update Telegraphist or restore a backup`,
    data: { found, supported },
  });
}

function brokenByMigration(rows: number): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_CORRUPT",
    category: "STORAGE",
    message: `Cannot migrate database as rows would refer to nothing: ${rows} rows; the database is as it was`,
    data: { rows },
  });
}

function numberOf(connection: Connection, pragma: "user_version" | "application_id"): number {
  const row = connection.query<Record<string, number>, []>(`PRAGMA ${pragma}`).get();
  return row?.[pragma] ?? 0;
}
