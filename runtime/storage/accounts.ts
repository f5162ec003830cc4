import type { AccountName } from "../contract/index.ts";
import type { Queries } from "./database.ts";
import { accounts } from "./schema/accounts.ts";

/** Makes the row that an account's other rows refer to, if it is not there. Call it in their transaction. */
export function ensureAccount(queries: Queries, account: AccountName, nowMs: number): void {
  queries.insert(accounts).values({ name: account, createdAtMs: nowMs }).onConflictDoNothing().run();
}
