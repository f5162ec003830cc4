import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What plugins did and were refused, without what people wrote. */
export const auditEntries = sqliteTable(
  "audit_entries",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    atMs: integer("at_ms").notNull(),
    plugin: text("plugin").notNull(),
    account: text("account"),
    call: text("call").notNull(),
    target: text("target"),
    verdict: text("verdict").notNull(),
    permission: text("permission"),
    code: text("code"),
    durationMs: integer("duration_ms"),
    eventId: text("event_id"),
    /** How many of the same it stands for. */
    count: integer("count").notNull(),
  },
  (table) => [
    index("audit_entries_by_plugin").on(table.plugin, table.id),
    index("audit_entries_by_verdict").on(table.verdict, table.id),
    index("audit_entries_by_time").on(table.atMs),
  ],
);
