import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Which program uses each session, and under the name `*` which runs on the database. A row outlives its owner and its account: the fence of the next owner has to be above
 * it.
 */
export const sessionLeases = sqliteTable("session_leases", {
  account: text("account").primaryKey(),
  /** Rises with every taking. */
  fence: integer("fence").notNull(),
  /** Null when its owner has given it back. */
  ownerId: text("owner_id"),
  host: text("host").notNull(),
  pid: integer("pid").notNull(),
  pidStart: text("pid_start").notNull(),
  pidSpace: text("pid_space").notNull(),
  takenAtMs: integer("taken_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});
