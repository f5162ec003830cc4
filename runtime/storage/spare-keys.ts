import { eq } from "drizzle-orm";
import type { AccountName } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";
import { ensureAccount } from "./accounts.ts";
import type { Database, Queries } from "./database.ts";
import { spareKeys } from "./schema/spare-sessions.ts";

/** Auth keys of one session by data centre. */
type AuthKeys = ReadonlyMap<number, Uint8Array>;

/**
 * Keys that Telegram may take for the account's beside those of its session: of a session that is being made, or of the
 * one before. They stay until that session is ended at Telegram, whatever happens to the program.
 */
export interface SpareKeyRepository {
  /** @throws {TelegraphistError} `VAULT_WRONG_KEY`, `VAULT_CORRUPT` */
  load(account: AccountName): Promise<AuthKeys>;
  /** In place of all that were there. */
  replace(account: AccountName, keys: AuthKeys): Promise<void>;
}

export function createSpareKeyRepository(
  database: Database,
  vault: Vault,
  now: () => number,
): SpareKeyRepository {
  return {
    load: (account) =>
      database.run("spareKeys.load", (queries) => {
        const rows = queries.select().from(spareKeys).where(eq(spareKeys.account, account)).all();
        return new Map(
          rows.map(({ dataCentreId, keyId, sealed }) => [
            dataCentreId,
            vault.open({ keyId, bytes: sealed }, placeOf(account, dataCentreId)),
          ]),
        );
      }),

    replace: (account, keys) =>
      database.transact("spareKeys.replace", (queries) => {
        ensureAccount(queries, account, now());
        writeSpareKeys(queries, vault, account, keys);
      }),
  };
}

/** Inside a transaction of the caller's, for an account that has its row. */
export function writeSpareKeys(queries: Queries, vault: Vault, account: AccountName, keys: AuthKeys): void {
  queries.delete(spareKeys).where(eq(spareKeys.account, account)).run();
  for (const [dataCentreId, key] of keys) {
    const { keyId, bytes } = vault.seal(key, placeOf(account, dataCentreId));
    queries
      .insert(spareKeys)
      .values({ account, dataCentreId, keyId, sealed: Buffer.from(bytes) })
      .run();
  }
}

/** What seals a key into its row. */
export function placeOf(account: string, dataCentreId: number): string {
  return `spare-key/${account}/${dataCentreId}`;
}
