import type { Message, TelegraphistEvent } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { mapMessage, messageIdOf, type StoredMessage } from "../mapping/message.ts";
import { chatIdOfPeer, userIdOfPeer } from "../mapping/peer-id.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { mapReactions, reactionName } from "../mapping/reactions.ts";
import { msOfSeconds } from "../mapping/seconds.ts";
import { type EventOrigin, eventBase } from "./event-origin.ts";
import { serviceEvents } from "./service-events.ts";

/**
 * The events of a new message: itself, then what a service message tells beside.
 *
 * @param sentNumbers numbers of the messages in the container that this session sent
 */
export function newMessageEvents(
  message: StoredMessage,
  view: PeerView,
  origin: EventOrigin,
  sentNumbers: ReadonlySet<number>,
): readonly TelegraphistEvent[] {
  const { id, ...fields } = mapMessage(message, view);
  const parts = [fields.chat.id, id];
  const content: TelegraphistEvent =
    fields.direction === "outgoing"
      ? {
          ...eventBase(origin, "message.sent", parts, fields.sentAtMs),
          ...fields,
          direction: "outgoing",
          messageId: id,
          isAutomated: sentNumbers.has(message.id),
        }
      : {
          ...eventBase(origin, "message.received", parts, fields.sentAtMs),
          ...fields,
          direction: "incoming",
          messageId: id,
        };
  return message instanceof Api.MessageService
    ? [content, ...serviceEvents(message, view, origin)]
    : [content];
}

/**
 * The event of an edit. Telegram also sends an edit, with the mark hidden, when only the reactions changed.
 *
 * @param pts tells two edits of one second apart
 */
export function editedMessageEvents(
  message: StoredMessage,
  pts: number,
  view: PeerView,
  origin: EventOrigin,
): readonly TelegraphistEvent[] {
  if (message.editHide === true && message.reactions) {
    return [reactionEvent(message.peerId, message.id, message.reactions, view, origin)];
  }
  const mapped: Message = mapMessage(message, view);
  const { id, ...fields } = mapped;
  const editedAtMs = fields.editedAtMs ?? origin.atMs;
  const parts = [fields.chat.id, id, `${editedAtMs / 1000}.${pts}`];
  return [
    { ...eventBase(origin, "message.edited", parts, editedAtMs), ...fields, messageId: id, editedAtMs },
  ];
}

/** The event of changed reactions; the state is part of its id, since Telegram numbers no change. */
export function reactionEvent(
  peer: Api.TypePeer,
  messageNumber: number,
  reactions: Api.TypeMessageReactions,
  view: PeerView,
  origin: EventOrigin,
): TelegraphistEvent {
  const chat = view.chatOf(chatIdOfPeer(peer));
  const messageId = messageIdOf(messageNumber);
  const counts = mapReactions(reactions);
  const latest = latestOf(reactions.recentReactions ?? []);
  const author = latest === null ? null : userIdOfPeer(latest.peerId);
  const state = [counts, author, latest?.date, latest && reactionName(latest.reaction)];
  const digest = Bun.hash(JSON.stringify(state)).toString(36);
  const atMs = latest === null ? origin.atMs : msOfSeconds(latest.date);
  return {
    ...eventBase(origin, "reaction.changed", [chat.id, messageId, `${origin.atMs / 1000}.${digest}`], atMs),
    chat,
    messageId,
    reactions: counts,
    user: author === null ? null : view.userOf(author),
  };
}

function latestOf(recent: readonly Api.TypeMessagePeerReaction[]): Api.TypeMessagePeerReaction | null {
  return recent.reduce<Api.TypeMessagePeerReaction | null>(
    (latest, one) => (latest === null || one.date > latest.date ? one : latest),
    null,
  );
}
