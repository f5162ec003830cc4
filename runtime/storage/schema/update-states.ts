import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** How far an account has read Telegram's updates: core.telegram.org/api/updates. */
export const updateStates = sqliteTable("update_states", {
  account: text("account")
    .primaryKey()
    .references(() => accounts.name, { onDelete: "cascade" }),
  pts: integer("pts").notNull(),
  qts: integer("qts").notNull(),
  /** Seconds since 1970, as Telegram wants it back. */
  date: integer("date").notNull(),
  seq: integer("seq").notNull(),
});

export const channelStates = sqliteTable(
  "channel_states",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    chatId: text("chat_id").notNull(),
    pts: integer("pts").notNull(),
    /** Seconds since 1970 of the last that was applied; null in rows of before it was kept. */
    date: integer("date"),
  },
  (table) => [primaryKey({ columns: [table.account, table.chatId] })],
);
