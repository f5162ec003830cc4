import { and, desc, eq, sql } from "drizzle-orm";
import { type AccountName, type ChatId, parseChatId } from "../contract/index.ts";
import type { Database } from "./database.ts";
import { inviteLinks } from "./schema/peers.ts";

/** A link that invites to a chat. */
export interface InviteLinkRecord {
  readonly url: string;
  readonly chatId: ChatId;
  readonly title: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  /** `null` where it has no limit. */
  readonly maxUses: number | null;
  readonly currentUses: number;
  readonly pendingRequests: number;
  readonly needsApproval: boolean;
  readonly isRevoked: boolean;
}

/** The invite links that the accounts have made. */
export interface InviteLinkRepository {
  /** Writes a link as Telegram told it; the chat MUST be among the account's entities. */
  put(account: AccountName, link: InviteLinkRecord): Promise<void>;
  /** The links of a chat, the newest first. */
  list(account: AccountName, chatId: ChatId): Promise<readonly InviteLinkRecord[]>;
  /** Counts one use more, and gives the new count; `null` when there is no such link. */
  countUse(account: AccountName, url: string): Promise<number | null>;
}

export function createInviteLinkRepository(database: Database): InviteLinkRepository {
  return {
    put: (account, link) =>
      database.run("inviteLinks.put", (queries) => {
        const row = { ...link, account };
        const target = [inviteLinks.account, inviteLinks.url];
        queries.insert(inviteLinks).values(row).onConflictDoUpdate({ target, set: row }).run();
      }),

    list: (account, chatId) =>
      database.run("inviteLinks.list", (queries) => {
        const where = and(eq(inviteLinks.account, account), eq(inviteLinks.chatId, chatId));
        const rows = queries.select().from(inviteLinks).where(where).orderBy(desc(inviteLinks.createdAtMs));
        return rows.all().map(({ account: _, ...row }) => ({ ...row, chatId: parseChatId(row.chatId) }));
      }),

    countUse: (account, url) =>
      database.run("inviteLinks.countUse", (queries) => {
        const counted = queries
          .update(inviteLinks)
          .set({ currentUses: sql`${inviteLinks.currentUses} + 1` })
          .where(and(eq(inviteLinks.account, account), eq(inviteLinks.url, url)))
          .returning({ currentUses: inviteLinks.currentUses });
        return counted.all()[0]?.currentUses ?? null;
      }),
  };
}
