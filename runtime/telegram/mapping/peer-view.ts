import type { Chat, ChatId, User, UserId } from "../../contract/index.ts";

/** The people and chats that a mapping may name; it answers for every id, with a bare name for one it does not know. */
export interface PeerView {
  /** The account's own person; `null` before the first login told it. */
  readonly selfId: UserId | null;
  userOf(id: UserId): User;
  chatOf(id: ChatId): Chat;
}
