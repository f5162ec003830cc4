import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Keys of the vault that seal nothing any more, by a rotation that has gone through. */
export const retiredKeys = sqliteTable("retired_keys", {
  keyId: text("key_id").primaryKey(),
  retiredAtMs: integer("retired_at_ms").notNull(),
});
