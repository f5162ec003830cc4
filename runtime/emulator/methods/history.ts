import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "../world/box-message.ts";
import type { Chat } from "../world/chat.ts";
import { messageView, peersOf } from "../world/message-view.ts";
import { isUserId } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { peerViews } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, forSignedIn } from "./caller.ts";
import { flag, int, object, objects, optionalObject, text } from "./fields.ts";
import { matchesFilter } from "./message-filter.ts";
import { channelOfInput, peerOfInput } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

const maxPage = 100;

/** Reading what was said. */
export function historyMethods(state: WorldState): RpcHandlers {
  return forSignedIn(state, {
    "messages.getHistory": (request, caller) => {
      const peer = peerOfInput(state, caller, object(request, "peer"));
      const newestFirst = messagesOf(state, caller.person, peer);
      const page = pageOf(newestFirst, request);
      return messagesView(state, caller, page, { count: newestFirst.length, of: peer });
    },
    "messages.search": (request, caller) => {
      const peerInput = object(request, "peer");
      const peer = peerInput._ === "inputPeerEmpty" ? null : peerOfInput(state, caller, peerInput);
      const fromInput = optionalObject(request, "from_id");
      const from = fromInput === undefined ? null : peerOfInput(state, caller, fromInput);
      const all = peer === null ? everythingOf(state, caller.person) : messagesOf(state, caller.person, peer);
      const found = matching(all, request).filter(({ post }) => from === null || post.fromId === from.id);
      return messagesView(state, caller, pageOf(found, request), { count: found.length, of: peer });
    },
    "messages.searchGlobal": (request, caller) => {
      const found = matching(everythingOf(state, caller.person), request).filter(
        ({ chatId }) =>
          (!flag(request, "users_only") || isUserId(chatId)) &&
          (!flag(request, "broadcasts_only") || state.chats.get(chatId)?.kind === "channel") &&
          (!flag(request, "groups_only") || (!isUserId(chatId) && state.chat(chatId).kind !== "channel")),
      );
      const offsetId = int(request, "offset_id");
      const offsetPeer = object(request, "offset_peer");
      const after =
        offsetPeer._ === "inputPeerEmpty"
          ? 0
          : 1 +
            found.findIndex(
              ({ id, chatId }) => id === offsetId && chatId === peerOfInput(state, caller, offsetPeer).id,
            );
      const page = found.slice(after, after + pageSize(int(request, "limit")));
      return messagesView(state, caller, page, { count: found.length, of: null });
    },
    "messages.getMessages": (request, caller) =>
      exactMessages(state, caller, objects(request, "id"), caller.person),
    "channels.getMessages": (request, caller) =>
      exactMessages(
        state,
        caller,
        objects(request, "id"),
        channelOfInput(state, caller, object(request, "channel")),
      ),
  });
}

/** Messages by number; what is gone comes as `messageEmpty`. */
function exactMessages(
  state: WorldState,
  caller: Caller,
  inputs: readonly TlObject[],
  place: Person | Chat,
): TlObject {
  const { box } = place;
  const found: BoxMessage[] = [];
  const views = inputs.map((input) => {
    const id = int(input, "id");
    const named = box?.get(id);
    const replyId = input._ === "inputMessageReplyTo" ? named?.post.replyTo?.copies.get(place.id) : id;
    const message = box?.get(replyId ?? 0);
    if (message === undefined) return { _: "messageEmpty", id };
    found.push(message);
    return messageView(state, caller.person.id, message);
  });
  const isChannel = place !== caller.person;
  return {
    ...(isChannel
      ? { _: "messages.channelMessages", pts: box?.log.pts ?? 0, count: views.length, topics: [] }
      : { _: "messages.messages" }),
    messages: views,
    ...peerViews(state, caller.person.id, [...(isChannel ? [place.id] : []), ...found.flatMap(peersOf)]),
  };
}

function messagesView(
  state: WorldState,
  { person }: Caller,
  page: readonly BoxMessage[],
  { count, of: peer }: { readonly count: number; readonly of: Person | Chat | null },
): TlObject {
  const chatBox = peer === null ? null : (state.chats.get(peer.id)?.box ?? null);
  const head: TlObject =
    chatBox !== null
      ? { _: "messages.channelMessages", pts: chatBox.log.pts, count, topics: [] }
      : page.length < count
        ? { _: "messages.messagesSlice", count }
        : { _: "messages.messages" };
  return {
    ...head,
    messages: page.map((message) => messageView(state, person.id, message)),
    ...peerViews(state, person.id, [...(peer === null ? [] : [peer.id]), ...page.flatMap(peersOf)]),
  };
}

/**
 * A page of messages, newest first: those before `offset_id`, moved by `add_offset`, and inside `min_id` and `max_id`
 * (core.telegram.org/api/offsets).
 */
function pageOf(newestFirst: readonly BoxMessage[], request: TlObject): readonly BoxMessage[] {
  const offsetId = int(request, "offset_id");
  const offsetDateS = request.offset_date === undefined ? 0 : int(request, "offset_date");
  const minId = int(request, "min_id");
  const maxId = int(request, "max_id");
  let start = 0;
  if (offsetId > 0) start = newestFirst.findIndex(({ id }) => id < offsetId);
  else if (offsetDateS > 0) start = newestFirst.findIndex(({ post }) => post.dateS < offsetDateS);
  if (start < 0) start = newestFirst.length;
  const from = start + int(request, "add_offset");
  const limit = pageSize(int(request, "limit"));
  return newestFirst
    .slice(Math.max(0, from), Math.max(0, from + limit))
    .filter(({ id }) => (minId === 0 || id > minId) && (maxId === 0 || id < maxId));
}

function pageSize(limit: number): number {
  if (limit < 0) throw new RpcError(400, "LIMIT_INVALID");
  return Math.min(limit, maxPage);
}

function matching(messages: readonly BoxMessage[], request: TlObject): readonly BoxMessage[] {
  const query = text(request, "q").toLowerCase();
  const filter = object(request, "filter")._;
  const minDateS = int(request, "min_date");
  const maxDateS = int(request, "max_date");
  return messages.filter(
    ({ post }) =>
      post.action === null &&
      post.text.toLowerCase().includes(query) &&
      matchesFilter(post, filter) &&
      (minDateS === 0 || post.dateS > minDateS) &&
      (maxDateS === 0 || post.dateS < maxDateS),
  );
}

function messagesOf(state: WorldState, person: Person, peer: Person | Chat): readonly BoxMessage[] {
  return [...state.boxFor(person, peer.id).messagesOf(peer.id)].reverse();
}

/** Newest first, of every chat. */
function everythingOf(state: WorldState, person: Person): readonly BoxMessage[] {
  const chatIds = new Set([...person.box.threads.keys(), ...person.chatIds]);
  return [...chatIds]
    .flatMap((chatId) => [...state.boxFor(person, chatId).messagesOf(chatId)])
    .sort((a, b) => b.post.dateS - a.post.dateS || b.id - a.id);
}
