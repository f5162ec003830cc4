import { setImmediate } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { hasCode } from "../contract/index.ts";
import type { SealedBytes, Vault } from "../vault/index.ts";
import type { Database, Queries } from "./database.ts";
import { retiredKeys } from "./schema/retired-keys.ts";
import { type SealedTable, sealedTables } from "./sealed-tables.ts";

/** How many rows of a table a key has sealed. */
export interface SealedCount {
  readonly table: string;
  readonly keyId: string;
  readonly rows: number;
}

/** What opening every sealed row showed. */
export interface SealedCheck {
  readonly opened: number;
  /** Changed on disk, or moved to another row. */
  readonly damaged: number;
  /** Sealed with a key that the vault does not have. */
  readonly unknown: number;
}

/** What of a sealing anew is done. */
export interface ResealProgress {
  readonly done: number;
  readonly total: number;
  /** Of those done, the ones that no key opens; they are handed on as they are. */
  readonly damaged: number;
}

/** All sealed rows, whatever is in them. */
export interface SealedRowRepository {
  /** Needs no key. */
  count(): Promise<readonly SealedCount[]>;
  /** Whether one of these keys has sealed a row; needs none of them. */
  isSealedWith(keyIds: readonly string[]): Promise<boolean>;
  check(signal?: AbortSignal): Promise<SealedCheck>;
  /**
   * From now on nothing is sealed with these keys, by no program: `VAULT_KEY_RETIRED`. What they have sealed still opens.
   */
  retire(keyIds: readonly string[]): Promise<void>;
  /** The keys that were given to `retire`. */
  retired(): Promise<readonly string[]>;
  /**
   * Seals every row that another key has sealed with the vault's active one, some hundred in a transaction. Whatever
   * ends it between two of them, the next call goes on from there.
   *
   * @throws {TelegraphistError} `VAULT_WRONG_KEY` when the vault does not have a row's key; the row is as it was
   */
  reseal(onProgress?: (progress: ResealProgress) => void, signal?: AbortSignal): Promise<ResealProgress>;
}

/** Rows read or written at once: some milliseconds, after which whatever else the program does has its turn. */
const sliceRows = 200;

export function createSealedRowRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): SealedRowRepository {
  const count = () => database.run("sealedRows.count", (queries) => sealedTables.flatMap(countOf(queries)));

  return {
    count,

    isSealedWith: (keyIds) =>
      database.run("sealedRows.isSealedWith", (queries) =>
        sealedTables.some(({ name }) => {
          const found = sql`SELECT 1 FROM ${sql.identifier(name)} WHERE key_id IN ${[...keyIds]} LIMIT 1`;
          return queries.values(found).length > 0;
        }),
      ),

    async check(signal) {
      const found = { opened: 0, damaged: 0, unknown: 0 };
      for (const table of sealedTables) {
        for (let after: number | null = 0; after !== null; ) {
          signal?.throwIfAborted();
          const from: number = after;
          const rows = await database.run("sealedRows.check", (queries) => read(queries, table, from));
          for (const row of rows) found[stateOf(vault, table, row)] += 1;
          after = rows.at(-1)?.[0] ?? null;
          await setImmediate();
        }
      }
      return found;
    },

    retire: (keyIds) =>
      database.transact("sealedRows.retire", (queries) => {
        for (const keyId of keyIds) {
          queries.insert(retiredKeys).values({ keyId, retiredAtMs: now() }).onConflictDoNothing().run();
        }
      }),

    retired: () =>
      database.run("sealedRows.retired", (queries) =>
        queries
          .select()
          .from(retiredKeys)
          .all()
          .map(({ keyId }) => keyId),
      ),

    async reseal(onProgress, signal) {
      const others = (await count()).filter(({ keyId }) => keyId !== vault.activeKeyId);
      const total = others.reduce((sum, { rows }) => sum + rows, 0);
      let progress: ResealProgress = { done: 0, total, damaged: 0 };
      for (const table of sealedTables) {
        for (let after: number | null = 0; after !== null; ) {
          signal?.throwIfAborted();
          const from: number = after;
          const slice = await database.transact("sealedRows.reseal", (queries) => {
            const rows = read(queries, table, from, vault.activeKeyId);
            const damaged = rows.filter((row) => !sealAnew(queries, vault, table, row)).length;
            return { last: rows.at(-1)?.[0] ?? null, rows: rows.length, damaged };
          });
          after = slice.last;
          progress = {
            total,
            done: progress.done + slice.rows,
            damaged: progress.damaged + slice.damaged,
          };
          if (slice.rows > 0) onProgress?.(progress);
          await setImmediate();
        }
      }
      return progress;
    },
  };
}

/** Row id, key, sealed bytes, and what its place is made of. */
type Row = [rowId: number, keyId: string, sealed: Uint8Array, ...values: (string | number)[]];

function countOf(queries: Queries): (table: SealedTable) => readonly SealedCount[] {
  return ({ name }) => {
    const table = sql.identifier(name);
    const groups = queries.values<[string, number]>(
      sql`SELECT key_id, count(*) FROM ${table} GROUP BY key_id ORDER BY key_id`,
    );
    return groups.map(([keyId, rows]) => ({ table: name, keyId, rows }));
  };
}

/** The next rows by their ids. @param exceptKeyId leaves out what that key has sealed */
function read(queries: Queries, { name, columns }: SealedTable, afterRowId: number, exceptKeyId = ""): Row[] {
  const places = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  );
  return queries.values<Row>(sql`
    SELECT rowid, key_id, sealed, ${places} FROM ${sql.identifier(name)}
    WHERE rowid > ${afterRowId} AND key_id <> ${exceptKeyId} ORDER BY rowid LIMIT ${sliceRows}
  `);
}

function stateOf(vault: Vault, table: SealedTable, row: Row): keyof SealedCheck {
  try {
    openRow(vault, table, row).fill(0);
    return "opened";
  } catch (error) {
    if (hasCode(error, "VAULT_CORRUPT")) return "damaged";
    if (hasCode(error, "VAULT_WRONG_KEY")) return "unknown";
    throw error;
  }
}

/** `false` for a damaged row: it gets the new key's name, as it would else be told for one whose key is missing. */
function sealAnew(queries: Queries, vault: Vault, table: SealedTable, row: Row): boolean {
  const [rowId, , sealed] = row;
  try {
    const plain = openRow(vault, table, row);
    update(queries, table, rowId, vault.seal(plain, placeOfRow(table, row)));
    plain.fill(0);
    return true;
  } catch (error) {
    if (!hasCode(error, "VAULT_CORRUPT")) throw error;
    update(queries, table, rowId, { keyId: vault.activeKeyId, bytes: sealed });
    return false;
  }
}

function openRow(vault: Vault, table: SealedTable, row: Row): Uint8Array {
  const [, keyId, bytes] = row;
  return vault.open({ keyId, bytes }, placeOfRow(table, row));
}

function placeOfRow({ placeOf }: SealedTable, [, , , ...values]: Row): string {
  return placeOf(values);
}

function update(queries: Queries, { name }: SealedTable, rowId: number, { keyId, bytes }: SealedBytes): void {
  queries.run(
    sql`UPDATE ${sql.identifier(name)} SET key_id = ${keyId}, sealed = ${bytes} WHERE rowid = ${rowId}`,
  );
}
