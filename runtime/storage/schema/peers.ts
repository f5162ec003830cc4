import { relations } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { JsonValue } from "../../contract/index.ts";
import { accounts } from "./accounts.ts";

/** People and chats that an account has met. Access hashes hold for that account alone. */
export const peers = sqliteTable(
  "peers",
  {
    account: text("account")
      .notNull()
      .references(() => accounts.name, { onDelete: "cascade" }),
    chatId: text("chat_id").notNull(),
    kind: text("kind", { enum: ["user", "group", "channel"] }).notNull(),
    accessHash: text("access_hash"),
    /** In lower case; the snapshot has it as it is written. */
    username: text("username"),
    isMin: integer("is_min", { mode: "boolean" }).notNull(),
    snapshot: text("snapshot", { mode: "json" }).$type<JsonValue>().notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
    lastMessageAtMs: integer("last_message_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.chatId] }),
    index("peers_by_username").on(table.account, table.username),
  ],
);

/** The account's contact list; the people themselves are peers. */
export const contacts = sqliteTable(
  "contacts",
  {
    account: text("account").notNull(),
    userId: text("user_id").notNull(),
    isMutual: integer("is_mutual", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.userId] }),
    foreignKey({
      columns: [table.account, table.userId],
      foreignColumns: [peers.account, peers.chatId],
    }).onDelete("cascade"),
  ],
);

/** Links that invite to a chat, with how often each has been used. */
export const inviteLinks = sqliteTable(
  "invite_links",
  {
    account: text("account").notNull(),
    url: text("url").notNull(),
    chatId: text("chat_id").notNull(),
    title: text("title"),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    maxUses: integer("max_uses"),
    currentUses: integer("current_uses").notNull(),
    pendingRequests: integer("pending_requests").notNull(),
    needsApproval: integer("needs_approval", { mode: "boolean" }).notNull(),
    isRevoked: integer("is_revoked", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.url] }),
    foreignKey({
      columns: [table.account, table.chatId],
      foreignColumns: [peers.account, peers.chatId],
    }).onDelete("cascade"),
    index("invite_links_by_chat").on(table.account, table.chatId),
  ],
);

export const contactRelations = relations(contacts, ({ one }) => ({
  peer: one(peers, {
    fields: [contacts.account, contacts.userId],
    references: [peers.account, peers.chatId],
  }),
}));
