import type { Database as Connection } from "bun:sqlite";
import type { Database } from "./database.ts";
import { migrations, schemaVersionOf } from "./migrations.ts";

/** What a look at the database showed. */
export interface StorageCheck {
  readonly ok: boolean;
  /** The first thing that is wrong; `undefined` when nothing is. */
  readonly problem: string | undefined;
  readonly schemaVersion: number;
  readonly sizeBytes: number;
}

/** Looks whether a database can be read, and was last written; a deep look takes in every page, index, and reference. */
export function checkDatabase(database: Database, deep: boolean): Promise<StorageCheck> {
  const { connection, run, trouble } = database;
  return run("storage.check", () => {
    const schemaVersion = schemaVersionOf(connection);
    const problem = trouble ?? problemOf(connection, schemaVersion, deep);
    return { ok: problem === undefined, problem, schemaVersion, sizeBytes: sizeOf(connection) };
  });
}

function problemOf(connection: Connection, schemaVersion: number, deep: boolean): string | undefined {
  if (schemaVersion !== migrations.length) {
    return `the schema is ${schemaVersion}, this version needs ${migrations.length}`;
  }
  if (!deep) return undefined;
  const integrity = connection.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").get();
  if (integrity !== null && integrity.integrity_check !== "ok") return oneLine(integrity.integrity_check);
  const orphan = connection.query<{ table: string }, []>("PRAGMA foreign_key_check").get();
  return orphan === null ? undefined : `a row of "${orphan.table}" refers to nothing`;
}

/** SQLite puts a heading before what it has found. */
function oneLine(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("***"));
  return lines.join("; ");
}

function sizeOf(connection: Connection): number {
  const sql = "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()";
  return connection.query<{ size: number }, []>(sql).get()?.size ?? 0;
}
