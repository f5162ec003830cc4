import { Database as Connection } from "bun:sqlite";
import { existsSync } from "node:fs";
import { storageError } from "./storage-error.ts";

/**
 * Whether a database file holds something that the vault has sealed; false where there is no file or no schema yet.
 * Needs no key and writes nothing.
 *
 * @throws {TelegraphistError} `STORAGE_CORRUPT`, `STORAGE_LOCKED`, or `STORAGE_UNREADABLE`
 */
export async function hasSealedRows(path: string): Promise<boolean> {
  if (path === ":memory:" || !existsSync(path)) return false;
  try {
    // Not read-only: SQLite cannot read a WAL that a crash left behind without making the -shm file.
    using connection = new Connection(path, { readwrite: true, create: false });
    connection.run("PRAGMA busy_timeout = 2000");
    return tablesWithSealedRows(connection).some(
      (table) => connection.query(`SELECT 1 FROM ${table} LIMIT 1`).get() !== null,
    );
  } catch (error) {
    throw storageError(`Cannot look into database "${path}"`, error);
  }
}

/** The tables with a column `sealed`, by the schema of the database itself. */
export function tablesWithSealedRows(connection: Connection): readonly string[] {
  const sql = `SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND c.name = 'sealed'`;
  return connection
    .query<{ name: string }, []>(sql)
    .all()
    .map(({ name }) => name);
}
