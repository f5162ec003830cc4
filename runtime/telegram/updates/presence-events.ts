import type { TelegraphistEvent, UserTyping } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel, chatIdOfGroup, chatIdOfUser, userIdOf, userIdOfPeer } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { mapStatus } from "../mapping/user.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";

export type TypingUpdate = Api.UpdateUserTyping | Api.UpdateChatUserTyping | Api.UpdateChannelUserTyping;

/** The event of someone at work on a message. */
export function typingEvent(update: TypingUpdate, view: PeerView, origin: EventOrigin): TelegraphistEvent {
  const userId =
    update instanceof Api.UpdateUserTyping ? userIdOf(update.userId) : userIdOfPeer(update.fromId);
  const chatId =
    update instanceof Api.UpdateUserTyping
      ? chatIdOfUser(update.userId)
      : update instanceof Api.UpdateChatUserTyping
        ? chatIdOfGroup(update.chatId)
        : chatIdOfChannel(update.channelId);
  const action = typingAction(update.action);
  return {
    ...eventBase(origin, "user.typing", [chatId, userId ?? "-", action, origin.atMs / 1000]),
    chat: view.chatOf(chatId),
    user: userId === null ? null : view.userOf(userId),
    action,
  };
}

/** The event of a person who came or went; `null` for a status that says nothing. */
export function statusEvent(
  update: Api.UpdateUserStatus,
  view: PeerView,
  origin: EventOrigin,
): TelegraphistEvent | null {
  const status = mapStatus(update.status);
  if (status === null) return null;
  const userId = userIdOf(update.userId);
  return {
    ...eventBase(origin, "user.status", [userId, status.state, origin.atMs / 1000]),
    user: view.userOf(userId),
    userId,
    status,
  };
}

function typingAction(action: Api.TypeSendMessageAction): UserTyping["action"] {
  const name = action.className;
  if (name === "SendMessageTypingAction") return "typing";
  if (name === "SendMessageCancelAction") return "cancelled";
  if (name === "SendMessageGamePlayAction") return "playing";
  if (name.startsWith("SendMessageRecord")) return "recording";
  if (name.startsWith("SendMessageUpload")) return "uploading";
  if (name.startsWith("SendMessageChoose")) return "choosing";
  return "other";
}
