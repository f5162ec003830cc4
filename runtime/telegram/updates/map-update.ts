import type {
  ChatId,
  ChatUpdated,
  Direction,
  MessageDeleted,
  TelegraphistEvent,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { isStored, messageIdOf } from "../mapping/message.ts";
import { chatIdOfChannel, chatIdOfGroup, chatIdOfPeer } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";
import { editedMessageEvents, newMessageEvents, reactionEvent } from "./message-events.ts";
import { participantEvents } from "./participant-events.ts";
import { statusEvent, typingEvent } from "./presence-events.ts";

/**
 * The events of one update, in the order in which they happened; empty when it makes none. Pure: the same update and
 * peers make the same events. `updatePendingJoinRequests` is not here, since its meaning hangs on the one before.
 *
 * @param sentNumbers numbers of the messages in the update's container that this session sent
 */
export function mapUpdate(
  update: Api.TypeUpdate,
  view: PeerView,
  origin: EventOrigin,
  sentNumbers: ReadonlySet<number>,
): readonly TelegraphistEvent[] {
  if (update instanceof Api.UpdateNewMessage || update instanceof Api.UpdateNewChannelMessage) {
    return isStored(update.message) ? newMessageEvents(update.message, view, origin, sentNumbers) : [];
  }
  if (update instanceof Api.UpdateEditMessage || update instanceof Api.UpdateEditChannelMessage) {
    return isStored(update.message) ? editedMessageEvents(update.message, update.pts, view, origin) : [];
  }
  if (update instanceof Api.UpdateDeleteMessages) return deletedEvents(null, update.messages, view, origin);
  if (update instanceof Api.UpdateDeleteChannelMessages) {
    return deletedEvents(chatIdOfChannel(update.channelId), update.messages, view, origin);
  }
  if (update instanceof Api.UpdateReadHistoryInbox) {
    const { peer, maxId, stillUnreadCount } = update;
    return readEvents(chatIdOfPeer(peer), "incoming", maxId, stillUnreadCount, view, origin);
  }
  if (update instanceof Api.UpdateReadHistoryOutbox) {
    return readEvents(chatIdOfPeer(update.peer), "outgoing", update.maxId, null, view, origin);
  }
  if (update instanceof Api.UpdateReadChannelInbox) {
    const { channelId, maxId, stillUnreadCount } = update;
    return readEvents(chatIdOfChannel(channelId), "incoming", maxId, stillUnreadCount, view, origin);
  }
  if (update instanceof Api.UpdateReadChannelOutbox) {
    return readEvents(chatIdOfChannel(update.channelId), "outgoing", update.maxId, null, view, origin);
  }
  if (update instanceof Api.UpdateMessageReactions) {
    return [reactionEvent(update.peer, update.msgId, update.reactions, view, origin)];
  }
  if (
    update instanceof Api.UpdateChatParticipantAdd ||
    update instanceof Api.UpdateChatParticipantDelete ||
    update instanceof Api.UpdateChatParticipant ||
    update instanceof Api.UpdateChannelParticipant
  ) {
    return participantEvents(update, view, origin);
  }
  if (
    update instanceof Api.UpdateUserTyping ||
    update instanceof Api.UpdateChatUserTyping ||
    update instanceof Api.UpdateChannelUserTyping
  ) {
    return [typingEvent(update, view, origin)];
  }
  if (update instanceof Api.UpdateUserStatus) {
    const event = statusEvent(update, view, origin);
    return event === null ? [] : [event];
  }
  return chatEvents(update, view, origin);
}

function deletedEvents(
  chatId: ChatId | null,
  numbers: readonly number[],
  view: PeerView,
  origin: EventOrigin,
): readonly MessageDeleted[] {
  const [first] = numbers;
  if (first === undefined) return [];
  return [
    {
      ...eventBase(origin, "message.deleted", [chatId ?? "-", `${first}+${numbers.length - 1}`]),
      chat: chatId === null ? null : view.chatOf(chatId),
      messageIds: numbers.map(messageIdOf),
    },
  ];
}

function readEvents(
  chatId: ChatId,
  direction: Direction,
  maxId: number,
  unreadCount: number | null,
  view: PeerView,
  origin: EventOrigin,
): readonly TelegraphistEvent[] {
  // A chat that was cleared is told as read up to message 0.
  if (maxId < 1) return [];
  return [
    {
      ...eventBase(origin, "message.read", [chatId, direction, maxId]),
      chat: view.chatOf(chatId),
      direction,
      upToMessageId: messageIdOf(maxId),
      unreadCount,
    },
  ];
}

function chatEvents(update: Api.TypeUpdate, view: PeerView, origin: EventOrigin): readonly ChatUpdated[] {
  const found = chatChangeOf(update);
  if (found === null) return [];
  const { chatId, change, mark } = found;
  const base = eventBase(origin, "chat.updated", [chatId, change, mark ?? origin.atMs / 1000]);
  return [{ ...base, chat: view.chatOf(chatId), change }];
}

interface ChatChange {
  readonly chatId: ChatId;
  readonly change: ChatUpdated["change"];
  /** Tells this change from another of its kind; without one, its second does. */
  readonly mark?: string | number;
}

function chatChangeOf(update: Api.TypeUpdate): ChatChange | null {
  if (update instanceof Api.UpdatePinnedMessages) {
    return { chatId: chatIdOfPeer(update.peer), change: "pinned", mark: update.pts };
  }
  if (update instanceof Api.UpdatePinnedChannelMessages) {
    return { chatId: chatIdOfChannel(update.channelId), change: "pinned", mark: update.pts };
  }
  if (update instanceof Api.UpdateChatDefaultBannedRights) {
    return { chatId: chatIdOfPeer(update.peer), change: "permissions", mark: `v${update.version}` };
  }
  if (update instanceof Api.UpdateChatParticipants) {
    const { participants } = update;
    const mark = participants instanceof Api.ChatParticipants ? `v${participants.version}` : "forbidden";
    return { chatId: chatIdOfGroup(participants.chatId), change: "members", mark };
  }
  if (update instanceof Api.UpdateChatParticipantAdmin) {
    return { chatId: chatIdOfGroup(update.chatId), change: "members", mark: `v${update.version}` };
  }
  if (update instanceof Api.UpdateChannel) {
    return { chatId: chatIdOfChannel(update.channelId), change: "other" };
  }
  if (update instanceof Api.UpdateChat) return { chatId: chatIdOfGroup(update.chatId), change: "other" };
  return null;
}
