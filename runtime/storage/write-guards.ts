import type { Database as Connection } from "bun:sqlite";
import { wholeDatabase } from "./lease-subject.ts";
import { tablesWithSealedRows } from "./sealed-rows.ts";

type Verb = "insert" | "update" | "delete";

const verbs: readonly Verb[] = ["insert", "update", "delete"];

/** Rows that only the holder of the account's lease may write; what is merely pruned or learned again is left out. */
const fencedByAccount: Readonly<Record<string, readonly Verb[]>> = {
  sessions: verbs,
  auth_keys: verbs,
  spare_keys: verbs,
  update_states: verbs,
  channel_states: verbs,
  journal_events: ["insert"],
  sent_messages: ["insert"],
};

/**
 * Has SQLite itself refuse, inside the transaction that would write it, a row of a session that another program has
 * taken over, any row where it has taken the database over (both `LEASE_LOST`), and a row that is sealed with a retired
 * key (`VAULT_KEY_RETIRED`). As the guards are the connection's own, no repository can forget them; what this connection
 * holds stands in the temporary `held_leases`.
 */
export function guardWrites(connection: Connection): void {
  connection.run(
    "CREATE TEMP TABLE held_leases (account TEXT PRIMARY KEY, fence INTEGER NOT NULL) WITHOUT ROWID",
  );
  for (const table of tablesOf(connection)) {
    for (const verb of verbs) {
      const row = verb === "delete" ? "old" : "new";
      const isAccounts = fencedByAccount[table]?.includes(verb) === true;
      const subjects = [`'${wholeDatabase}'`, ...(isAccounts ? [`${row}.account`] : [])].join(", ");
      const isFenced = `EXISTS (SELECT 1 FROM held_leases AS held JOIN session_leases AS lease USING (account)
        WHERE held.account IN (${subjects}) AND held.fence <> lease.fence)`;
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

/** Leases are how one is taken back, and the audit tells what was done, by whomever. */
const unfenced: readonly string[] = ["session_leases", "audit_entries"];

function tablesOf(connection: Connection): readonly string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const names = connection.query<{ name: string }, []>(sql).all();
  return names.map(({ name }) => name).filter((name) => !unfenced.includes(name));
}

function guard(connection: Connection, name: string, action: string, when: string, code: string): void {
  connection.run(
    `CREATE TEMP TRIGGER ${name} BEFORE ${action} WHEN ${when} BEGIN SELECT RAISE(ABORT, '${code}'); END`,
  );
}
