import { eq, sql } from "drizzle-orm";
import { type AccountName, parseUserId, type UserId } from "../contract/index.ts";
import type { Database } from "./database.ts";
import { type EntityRecord, recordOf } from "./entities.ts";
import { contacts } from "./schema/peers.ts";

export interface ContactRecord {
  readonly userId: UserId;
  readonly isMutual: boolean;
}

/** The accounts' contact lists. */
export interface ContactRepository {
  /** Makes this the whole list; the people MUST be among the account's entities. */
  replace(account: AccountName, list: readonly ContactRecord[]): Promise<void>;
  /** The list with what is known of each person, in one query. */
  list(account: AccountName): Promise<readonly (ContactRecord & { readonly entity: EntityRecord })[]>;
}

export function createContactRepository(database: Database): ContactRepository {
  return {
    replace: (account, list) =>
      database.transact("contacts.replace", (queries) => {
        queries.delete(contacts).where(eq(contacts.account, account)).run();
        if (list.length === 0) return;
        // One parameter for the whole list: its length has no bound that a statement's parameters would keep.
        const rows = JSON.stringify(list.map(({ userId, isMutual }) => [userId, isMutual]));
        queries.run(sql`INSERT INTO ${contacts} (account, user_id, is_mutual)
          SELECT ${account}, value ->> 0, value ->> 1 FROM json_each(${rows})`);
      }),

    list: (account) =>
      database.run("contacts.list", (queries) =>
        queries.query.contacts
          .findMany({ where: eq(contacts.account, account), with: { peer: true }, orderBy: contacts.userId })
          .sync()
          .map(({ userId, isMutual, peer }) => ({
            userId: parseUserId(userId),
            isMutual,
            entity: recordOf(peer),
          })),
      ),
  };
}
