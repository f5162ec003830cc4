import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "../../contract/index.ts";

/** The plugins' own key-value stores. */
export const pluginEntries = sqliteTable(
  "plugin_entries",
  {
    plugin: text("plugin").notNull(),
    key: text("key").notNull(),
    value: text("value", { mode: "json" }).$type<JsonValue>().notNull(),
    expiresAtMs: integer("expires_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.plugin, table.key] }),
    index("plugin_entries_by_expiry").on(table.expiresAtMs),
  ],
);
