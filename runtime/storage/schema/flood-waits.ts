import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Times before which Telegram does not want a method called. */
export const floodWaits = sqliteTable(
  "flood_waits",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    method: text("method").notNull(),
    /** Empty where the wait holds for every chat: a part of a primary key is never NULL. */
    chatId: text("chat_id").notNull(),
    untilMs: integer("until_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.method, table.chatId] }),
    index("flood_waits_by_end").on(table.untilMs),
  ],
);
