import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "../world/box-message.ts";
import type { Chat } from "../world/chat.ts";
import { peerReactionView, reactionsView } from "../world/message-view.ts";
import { peerOf } from "../world/peer-id.ts";
import { Person } from "../world/person.ts";
import type { Media, Post } from "../world/post.ts";
import { edit, recordEditEverywhere, remove, send, sourceOf } from "../world/posting.ts";
import { readBoxChat, readChannel } from "../world/reading.ts";
import { react, showAction } from "../world/signals.ts";
import { peerViews, type UpdateBatch } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, change, forSignedIn } from "./caller.ts";
import {
  flag,
  int,
  ints,
  long,
  longs,
  object,
  objects,
  optionalObject,
  optionalText,
  text,
} from "./fields.ts";
import { mediaOfInput } from "./input-media.ts";
import { channelOfInput, messageOf, peerOfInput, requireRight } from "./peers.ts";
import { RandomIds } from "./random-ids.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

const maxForwarded = 100;

/** Writing and changing messages. */
export function messageMethods(state: WorldState): RpcHandlers {
  const randomIds = new RandomIds();

  const sendOne = (request: TlObject, caller: Caller, media: Media | null): TlObject => {
    const peer = peerOfInput(state, caller, object(request, "peer"));
    if (request.schedule_date !== undefined) throw new RpcError(400, "SCHEDULE_DATE_INVALID");
    const randomId = long(request, "random_id");
    randomIds.take(caller.person.id, randomId);
    const { result, updates } = change(state, caller, (batch) =>
      send(state, batch, caller.person, peer.id, {
        text: text(request, "message"),
        entities: objects(request, "entities"),
        media,
        replyTo: repliedPost(state, caller, peer, optionalObject(request, "reply_to")),
        isSilent: flag(request, "silent"),
      }),
    );
    return updates([messageIdView(result, randomId)]);
  };

  const deleted = (caller: Caller, messages: readonly BoxMessage[], forEveryone: boolean): number =>
    change(state, caller, (batch) => remove(state, batch, messages, forEveryone)).result;

  return forSignedIn(state, {
    "messages.sendMessage": (request, caller) => sendOne(request, caller, null),
    "messages.sendMedia": (request, caller) =>
      sendOne(request, caller, mediaOfInput(state, caller, object(request, "media"))),
    "messages.editMessage": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const message = messageOf(state, caller, peer, int(request, "id"));
      const content = {
        text: optionalText(request, "message") ?? message.post.text,
        entities: objects(request, "entities"),
      };
      return change(state, caller, (batch) => edit(state, batch, caller.person, message, content)).updates();
    },
    "messages.deleteMessages": (request, caller) => {
      const { box } = caller.person;
      const messages = ints(request, "id").flatMap((id) => box.get(id) ?? []);
      const count = deleted(caller, messages, flag(request, "revoke"));
      return { _: "messages.affectedMessages", pts: box.log.pts, pts_count: count };
    },
    "channels.deleteMessages": (request, caller) => {
      const chat = channelOfInput(state, caller, object(request, "channel"));
      const messages = ints(request, "id").flatMap((id) => chat.box?.get(id) ?? []);
      const areOwn = messages.every(({ post }) => post.fromId === caller.person.id);
      if (!areOwn && !chat.isAllowed(caller.person.id, "delete_messages")) {
        throw new RpcError(403, "MESSAGE_DELETE_FORBIDDEN");
      }
      const count = deleted(caller, messages, true);
      return { _: "messages.affectedMessages", pts: chat.box?.log.pts ?? 0, pts_count: count };
    },
    "messages.forwardMessages": (request, caller) => {
      const from = peerOfInput(state, caller, object(request, "from_peer"));
      const to = peerOfInput(state, caller, object(request, "to_peer"));
      const ids = ints(request, "id");
      const randoms = longs(request, "random_id");
      if (ids.length === 0 || ids.length > maxForwarded) throw new RpcError(400, "MESSAGE_IDS_EMPTY");
      if (randoms.length !== ids.length) throw new RpcError(400, "RANDOM_ID_INVALID");
      const sources = ids.map((id) => messageOf(state, caller, from, id));
      for (const randomId of randoms) randomIds.take(caller.person.id, randomId);
      const { result, updates } = change(state, caller, (batch) =>
        sources.map((source) =>
          send(state, batch, caller.person, to.id, {
            text: source.post.text,
            entities: source.post.entities,
            media: source.post.media,
            forward: flag(request, "drop_author") ? null : sourceOf(source, state.chats.get(from.id)),
            isSilent: flag(request, "silent"),
          }),
        ),
      );
      return updates(result.map((message, index) => messageIdView(message, randoms[index] ?? 0n)));
    },
    "messages.readHistory": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const { result } = change(state, caller, (batch) =>
        readBoxChat(state, batch, caller.person, peer.id, int(request, "max_id")),
      );
      return { _: "messages.affectedMessages", pts: caller.person.box.log.pts, pts_count: result };
    },
    "channels.readHistory": (request, caller) => {
      const chat = channelOfInput(state, caller, object(request, "channel"));
      change(state, caller, (batch) => readChannel(batch, caller.person, chat, int(request, "max_id")));
      return true;
    },
    "messages.setTyping": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      change(state, caller, (batch) =>
        showAction(state, batch, caller.person, peer.id, object(request, "action")),
      );
      return true;
    },
    "messages.sendReaction": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const message = messageOf(state, caller, peer, int(request, "msg_id"));
      const emoji = emojiOf(objects(request, "reaction"));
      return change(state, caller, (batch) => react(state, batch, caller.person, message, emoji)).updates();
    },
    "messages.getMessagesReactions": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const messages = ints(request, "id").map((id) => messageOf(state, caller, peer, id));
      const reactorIds = messages.flatMap(({ post }) => [...post.reactions.keys()]);
      return {
        _: "updates",
        updates: messages.map(({ id, post }) => ({
          _: "updateMessageReactions",
          peer: peerOf(peer.id),
          msg_id: id,
          reactions: reactionsView(caller.person.id, post),
        })),
        ...peerViews(state, caller.person.id, [peer.id, ...reactorIds]),
        date: state.nowS(),
        seq: 0,
      };
    },
    "messages.getMessageReactionsList": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const { reactions } = messageOf(state, caller, peer, int(request, "id")).post;
      const page = [...reactions].slice(0, int(request, "limit"));
      return {
        _: "messages.messageReactionsList",
        count: reactions.size,
        reactions: page.map(([userId, reaction]) => peerReactionView(caller.person.id, userId, reaction)),
        ...peerViews(state, caller.person.id, reactions.keys()),
      };
    },
    "messages.updatePinnedMessage": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      if (!(peer instanceof Person)) requireRight(peer, caller, "pin_messages");
      const message = messageOf(state, caller, peer, int(request, "id"));
      return change(state, caller, (batch) => pin(state, batch, message, !flag(request, "unpin"))).updates();
    },
  });
}

function pin(
  state: WorldState,
  batch: UpdateBatch,
  { post, id, chatId }: BoxMessage,
  isPinned: boolean,
): void {
  post.isPinned = isPinned;
  const chat = state.chats.get(chatId);
  if (chat?.box != null) chat.pinnedId = isPinned ? id : null;
  recordEditEverywhere(state, batch, post);
}

/** Tells the client which number its message got. */
function messageIdView({ id }: BoxMessage, randomId: bigint): TlObject {
  return { _: "updateMessageID", id, random_id: randomId };
}

function repliedPost(
  state: WorldState,
  caller: Caller,
  peer: Person | Chat,
  input: TlObject | undefined,
): Post | null {
  if (input?._ !== "inputReplyToMessage") return null;
  const message = state.boxFor(caller.person, peer.id).get(int(input, "reply_to_msg_id"));
  if (message?.chatId !== peer.id) throw new RpcError(400, "REPLY_MESSAGE_ID_INVALID");
  return message.post;
}

function emojiOf([reaction]: readonly TlObject[]): string | null {
  if (reaction === undefined || reaction._ === "reactionEmpty") return null;
  if (reaction._ !== "reactionEmoji") throw new RpcError(400, "REACTION_INVALID");
  return text(reaction, "emoticon");
}
