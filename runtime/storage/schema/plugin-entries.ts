import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The plugins' own key-value stores. */
export const pluginEntries = sqliteTable(
  "plugin_entries",
  {
    plugin: text("plugin").notNull(),
    key: text("key").notNull(),
    /** JSON; not Drizzle's own mode, which makes NULL of the value `null`. */
    value: text("value").notNull(),
    expiresAtMs: integer("expires_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.plugin, table.key] }),
    index("plugin_entries_by_expiry").on(table.expiresAtMs),
  ],
);
