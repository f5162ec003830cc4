import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Times of plugins' schedules that outlive the program. */
export const pluginSchedules = sqliteTable(
  "plugin_schedules",
  {
    plugin: text("plugin").notNull(),
    key: text("key").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.plugin, table.key] })],
);
