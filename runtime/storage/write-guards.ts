import type { Database as Connection } from "bun:sqlite";
import { tablesWithSealedRows } from "./sealed-rows.ts";

/** Rows that only the holder of the account's lease may write; what is merely pruned or learned again is left out. */
const fenced: readonly (readonly [string, readonly ("insert" | "update" | "delete")[]])[] = [
  ["sessions", ["insert", "update", "delete"]],
  ["auth_keys", ["insert", "update", "delete"]],
  ["spare_keys", ["insert", "update", "delete"]],
  ["update_states", ["insert", "update", "delete"]],
  ["channel_states", ["insert", "update", "delete"]],
  ["journal_events", ["insert"]],
  ["sent_messages", ["insert"]],
];

/**
 * Has SQLite itself refuse, inside the transaction that would write it, a row of a session that another program has
 * taken over (`LEASE_LOST`), and a row that is sealed with a retired key (`VAULT_KEY_RETIRED`). As the guards are the
 * connection's own, no repository can forget them; what this connection holds stands in the temporary `held_leases`.
 */
export function guardWrites(connection: Connection): void {
  connection.run(
    "CREATE TEMP TABLE held_leases (account TEXT PRIMARY KEY, fence INTEGER NOT NULL) WITHOUT ROWID",
  );
  for (const [table, verbs] of fenced) {
    for (const verb of verbs) {
      const row = verb === "delete" ? "old" : "new";
      const isFenced = `EXISTS (SELECT 1 FROM held_leases AS held JOIN session_leases AS lease USING (account)
        WHERE held.account = ${row}.account AND held.fence <> lease.fence)`;
      guard(connection, `fence_${table}_${verb}`, `${verb} ON ${table}`, isFenced, "LEASE_LOST");
    }
  }
  const isRetired = "EXISTS (SELECT 1 FROM retired_keys WHERE key_id = new.key_id)";
  for (const table of tablesWithSealedRows(connection)) {
    const actions = { insert: `INSERT ON ${table}`, update: `UPDATE OF key_id ON ${table}` };
    for (const [verb, action] of Object.entries(actions)) {
      guard(connection, `key_${table}_${verb}`, action, isRetired, "VAULT_KEY_RETIRED");
    }
  }
}

function guard(connection: Connection, name: string, action: string, when: string, code: string): void {
  connection.run(
    `CREATE TEMP TRIGGER ${name} BEFORE ${action} WHEN ${when} BEGIN SELECT RAISE(ABORT, '${code}'); END`,
  );
}
