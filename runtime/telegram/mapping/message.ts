import {
  type Direction,
  type ForwardInfo,
  type Message,
  type MessageId,
  parseMessageId,
  type ReplyInfo,
  type Sender,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { mapEntities } from "./entities.ts";
import { mapMedia, tlName } from "./media.ts";
import { chatIdOfPeer, userIdOf, userIdOfPeer } from "./peer-id.ts";
import type { PeerView } from "./peer-view.ts";
import { mapReactions } from "./reactions.ts";
import { msOfSeconds } from "./seconds.ts";

/** A TL message with content; `messageEmpty` stands for one that is gone. */
export type StoredMessage = Api.Message | Api.MessageService;

export function isStored(message: Api.TypeMessage): message is StoredMessage {
  return message instanceof Api.Message || message instanceof Api.MessageService;
}

/** The contract's message of a TL message. */
export function mapMessage(message: StoredMessage, view: PeerView): Message {
  const chat = view.chatOf(chatIdOfPeer(message.peerId));
  const base = {
    id: messageIdOf(message.id),
    chat,
    sender: senderOf(message, view),
    direction: directionOf(message, view),
    replyTo: replyOf(message),
    isMentioned: message.mentioned === true,
    isSilent: message.silent === true,
    isPost: message.post === true,
    reactions: mapReactions(message.reactions),
    sentAtMs: msOfSeconds(message.date),
  };
  if (message instanceof Api.MessageService) {
    return { ...base, ...withoutContent, serviceAction: tlName(message.action.className) };
  }
  return {
    ...base,
    text: message.message,
    entities: mapEntities(message.entities),
    media: mapMedia(message.media),
    forward: forwardOf(message.fwdFrom ?? null),
    albumId: message.groupedId?.toString() ?? null,
    viaBotId: message.viaBotId ? userIdOf(message.viaBotId) : null,
    editedAtMs: message.editDate ? msOfSeconds(message.editDate) : null,
    serviceAction: null,
  };
}

/** A message's number as the contract writes it. */
export function messageIdOf(id: number): MessageId {
  return parseMessageId(String(id));
}

const withoutContent = {
  text: "",
  entities: [],
  media: null,
  forward: null,
  albumId: null,
  viaBotId: null,
  editedAtMs: null,
} as const;

/** Telegram leaves the mark off what the account writes to itself, where nobody else can write. */
function directionOf({ out, peerId }: StoredMessage, { selfId }: PeerView): Direction {
  const isToSelf = selfId !== null && userIdOfPeer(peerId) === selfId;
  return out === true || isToSelf ? "outgoing" : "incoming";
}

/** Telegram leaves `from_id` out in private chats, and in channels, which speak as themselves. */
function senderOf(message: StoredMessage, view: PeerView): Sender {
  const { peerId, fromId } = message;
  const from = fromId ?? peerId;
  const isOwn = !fromId && message.out === true && peerId instanceof Api.PeerUser;
  const userId = isOwn ? (view.selfId ?? userIdOfPeer(peerId)) : userIdOfPeer(from);
  if (userId !== null) return { type: "user", ...view.userOf(userId) };
  const { id, title, username } = view.chatOf(chatIdOfPeer(from));
  return { type: "chat", id, displayName: title, username };
}

function replyOf(message: StoredMessage): ReplyInfo | null {
  const header = message.replyTo ?? null;
  if (!(header instanceof Api.MessageReplyHeader) || !header.replyToMsgId) return null;
  const threadId = header.replyToTopId ?? (header.forumTopic === true ? header.replyToMsgId : null);
  return {
    messageId: messageIdOf(header.replyToMsgId),
    chatId: chatIdOfPeer(header.replyToPeerId ?? message.peerId),
    threadId: threadId ? messageIdOf(threadId) : null,
  };
}

function forwardOf(header: Api.TypeMessageFwdHeader | null): ForwardInfo | null {
  if (header === null) return null;
  const { fromId, fromName, channelPost, date } = header;
  return {
    fromId: fromId ? chatIdOfPeer(fromId) : null,
    fromName: fromName ?? null,
    originalMessageId: channelPost ? messageIdOf(channelPost) : null,
    originalAtMs: msOfSeconds(date),
  };
}
