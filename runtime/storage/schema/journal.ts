import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { accounts } from "./accounts.ts";

/** Events in the order in which they were received; numbers are never used again. */
export const journalEvents = sqliteTable(
  "journal_events",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    /** The event's id, or what tells a replay from it. */
    key: text("key").notNull(),
    /** Whom a replay is for; empty for everyone. */
    onlyFor: text("only_for").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    keyId: text("key_id").notNull(),
    /** The event as JSON; account and key are the associated data. */
    sealed: blob("sealed", { mode: "buffer" }).notNull(),
  },
  (table) => [uniqueIndex("journal_events_by_key").on(table.account, table.key)],
);

/** Up to where each plugin has handled everything. */
export const journalCursors = sqliteTable("journal_cursors", {
  plugin: text("plugin").primaryKey(),
  throughSeq: integer("through_seq").notNull(),
});

/** What a plugin has handled beyond its cursor, as chats go side by side. */
export const journalAcks = sqliteTable(
  "journal_acks",
  {
    plugin: text("plugin")
      .notNull()
      .references(() => journalCursors.plugin, { onDelete: "cascade" }),
    seq: integer("seq").notNull(),
  },
  (table) => [primaryKey({ columns: [table.plugin, table.seq] })],
);

/** How often a plugin has failed at an event that it will be given again. */
export const journalFailures = sqliteTable(
  "journal_failures",
  {
    plugin: text("plugin")
      .notNull()
      .references(() => journalCursors.plugin, { onDelete: "cascade" }),
    seq: integer("seq").notNull(),
    attempts: integer("attempts").notNull(),
  },
  (table) => [primaryKey({ columns: [table.plugin, table.seq] })],
);

/** Events that a plugin was given too often in vain; with a copy, as the journal forgets. */
export const deadLetters = sqliteTable("dead_letters", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  plugin: text("plugin").notNull(),
  account: text("account")
    .notNull()
    .references(() => accounts.name, { onDelete: "cascade" }),
  eventId: text("event_id").notNull(),
  type: text("type").notNull(),
  chatId: text("chat_id"),
  attempts: integer("attempts").notNull(),
  errorCode: text("error_code").notNull(),
  errorMessage: text("error_message").notNull(),
  failedAtMs: integer("failed_at_ms").notNull(),
  keyId: text("key_id").notNull(),
  sealed: blob("sealed", { mode: "buffer" }).notNull(),
});

/** What was sent under a `random_id` that a repetition would use again. */
export const sentMessages = sqliteTable(
  "sent_messages",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    randomId: text("random_id").notNull(),
    sentAtMs: integer("sent_at_ms").notNull(),
    keyId: text("key_id").notNull(),
    /** The message as JSON; account and random id are the associated data. */
    sealed: blob("sealed", { mode: "buffer" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.randomId] }),
    index("sent_messages_by_time").on(table.sentAtMs),
  ],
);
