import { and, desc, eq } from "drizzle-orm";
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
  /** Writes links as Telegram told them, all or none; their chats MUST be among the account's entities. */
  put(account: AccountName, links: readonly InviteLinkRecord[]): Promise<void>;
  /** The links of a chat, the newest first. */
  list(account: AccountName, chatId: ChatId): Promise<readonly InviteLinkRecord[]>;
}

export function createInviteLinkRepository(database: Database): InviteLinkRepository {
  return {
    put: (account, links) =>
      database.transact("inviteLinks.put", (queries) => {
        const target = [inviteLinks.account, inviteLinks.url];
        for (const link of links) {
          const row = { ...link, account };
          queries.insert(inviteLinks).values(row).onConflictDoUpdate({ target, set: row }).run();
        }
      }),

    list: (account, chatId) =>
      database.run("inviteLinks.list", (queries) => {
        const where = and(eq(inviteLinks.account, account), eq(inviteLinks.chatId, chatId));
        const rows = queries.select().from(inviteLinks).where(where).orderBy(desc(inviteLinks.createdAtMs));
        return rows.all().map(({ account: _, ...row }) => ({ ...row, chatId: parseChatId(row.chatId) }));
      }),
  };
}
