import { relations } from "drizzle-orm";
import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What everything of one account hangs on; the name is the one under `accounts:`. */
export const accounts = sqliteTable("accounts", {
  name: text("name").primaryKey(),
  userId: text("user_id"),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const sessions = sqliteTable("sessions", {
  account: text("account")
    .primaryKey()
    .references(() => accounts.name, { onDelete: "cascade" }),
  mainDataCentreId: integer("main_data_centre_id").notNull(),
  state: text("state", { enum: ["active", "logged-out"] }).notNull(),
  deviceModel: text("device_model").notNull(),
  deviceSystemVersion: text("device_system_version").notNull(),
  deviceAppVersion: text("device_app_version").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  lastUsedAtMs: integer("last_used_at_ms").notNull(),
  lastVerifiedAtMs: integer("last_verified_at_ms"),
  /** When it was told that nobody uses it; a later use makes that void. */
  noticedAtMs: integer("noticed_at_ms"),
});

/** Sealed by the vault; account, data centre, and purpose are the associated data. */
export const authKeys = sqliteTable(
  "auth_keys",
  {
    account: text("account")
      .notNull()
      .references(() => sessions.account, { onDelete: "cascade" }),
    dataCentreId: integer("data_centre_id").notNull(),
    keyId: text("key_id").notNull(),
    sealed: blob("sealed", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.dataCentreId] })],
);

export const sessionRelations = relations(sessions, ({ one, many }) => ({
  owner: one(accounts, { fields: [sessions.account], references: [accounts.name] }),
  authKeys: many(authKeys),
}));

export const authKeyRelations = relations(authKeys, ({ one }) => ({
  session: one(sessions, { fields: [authKeys.account], references: [sessions.account] }),
}));
