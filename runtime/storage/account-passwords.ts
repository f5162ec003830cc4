import { eq } from "drizzle-orm";
import { type AccountName, hasCode } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database, Queries } from "./database.ts";
import { accountPasswords } from "./schema/spare-sessions.ts";

/** Passwords of two-step verification, sealed at rest, of accounts whose owner wants their sessions renewed alone. */
export interface AccountPasswordRepository {
  /** @throws {TelegraphistError} `VAULT_WRONG_KEY`, `VAULT_CORRUPT` */
  load(account: AccountName): Promise<string | null>;
  /** @throws {TelegraphistError} `VAULT_WRONG_KEY` when one is there that another key has sealed; it stays */
  save(account: AccountName, password: string): Promise<void>;
  /** Whether there was one. */
  delete(account: AccountName): Promise<boolean>;
}

export function createAccountPasswordRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): AccountPasswordRepository {
  const open = (queries: Queries, account: AccountName): string | null => {
    const row = queries.select().from(accountPasswords).where(eq(accountPasswords.account, account)).get();
    if (row === undefined) return null;
    const bytes = vault.open({ keyId: row.keyId, bytes: row.sealed }, placeOf(account));
    return Buffer.from(bytes).toString("utf8");
  };
  /** One that was damaged is of no use to anybody. */
  const requireOwn = (queries: Queries, account: AccountName): void => {
    try {
      open(queries, account);
    } catch (error) {
      if (!hasCode(error, "VAULT_CORRUPT")) throw error;
    }
  };
  return {
    load: (account) => database.run("accountPasswords.load", (queries) => open(queries, account)),

    save: (account, password) =>
      database.transact("accountPasswords.save", (queries) => {
        requireOwn(queries, account);
        ensureAccount(queries, account, now());
        const { keyId, bytes } = vault.seal(Buffer.from(password), placeOf(account));
        const set = { keyId, sealed: Buffer.from(bytes) };
        queries
          .insert(accountPasswords)
          .values({ account, ...set })
          .onConflictDoUpdate({ target: accountPasswords.account, set })
          .run();
      }),

    delete: (account) =>
      database.run("accountPasswords.delete", (queries) => {
        const isIt = eq(accountPasswords.account, account);
        return queries.delete(accountPasswords).where(isIt).returning().all().length > 0;
      }),
  };
}

/** What seals a password into its row. */
export function placeOf(account: string): string {
  return `account-password/${account}`;
}
