import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Sealed auth keys of a session beside the account's own: one that is being made, or the one before. */
export const spareKeys = sqliteTable(
  "spare_keys",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    dataCentreId: integer("data_centre_id").notNull(),
    keyId: text("key_id").notNull(),
    sealed: blob("sealed", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.dataCentreId] })],
);

/** Sealed passwords of two-step verification, of accounts whose owner left them here. */
export const accountPasswords = sqliteTable("account_passwords", {
  account: text("account")
    .primaryKey()
    .references(() => accounts.name, { onDelete: "cascade" }),
  keyId: text("key_id").notNull(),
  sealed: blob("sealed", { mode: "buffer" }).notNull(),
});
