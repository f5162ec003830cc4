import type { ChatId, MemberJoined, MemberLeft, UserId } from "../../contract/index.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";

/** What happened to one person in a chat, by whichever update told it. */
export interface MemberChange<How extends string> {
  readonly chatId: ChatId;
  readonly userId: UserId;
  readonly how: How;
  /** Who added or removed them; `null` when nobody did or Telegram does not tell. */
  readonly byId: UserId | null;
  readonly atMs: number;
}

/** A chat, person and second make the id: a service message and a participant update tell the same join. */
export function memberJoined(
  change: MemberChange<MemberJoined["how"]>,
  view: PeerView,
  origin: EventOrigin,
): MemberJoined {
  const { chatId, userId, how, byId, atMs } = change;
  return {
    ...eventBase(origin, "member.joined", [chatId, userId, atMs / 1000], atMs),
    chat: view.chatOf(chatId),
    user: view.userOf(userId),
    how,
    invitedBy: byId === null ? null : view.userOf(byId),
  };
}

/** A chat, person and second make the id, as for `memberJoined`. */
export function memberLeft(
  change: MemberChange<MemberLeft["how"]>,
  view: PeerView,
  origin: EventOrigin,
): MemberLeft {
  const { chatId, userId, how, byId, atMs } = change;
  return {
    ...eventBase(origin, "member.left", [chatId, userId, atMs / 1000], atMs),
    chat: view.chatOf(chatId),
    user: view.userOf(userId),
    how,
    removedBy: byId === null ? null : view.userOf(byId),
  };
}
