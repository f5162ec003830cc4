import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "../world/box-message.ts";
import { messageView, peersOf } from "../world/message-view.ts";
import { type PeerId, peerOf } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { peerViews } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import { forSignedIn } from "./caller.ts";
import { int, object, objects } from "./fields.ts";
import { peerOfInput } from "./peers.ts";
import type { RpcHandlers } from "./rpc.ts";
import { stateView } from "./state-view.ts";

const maxDialogs = 100;

export function dialogMethods(state: WorldState): RpcHandlers {
  return forSignedIn(state, {
    "messages.getDialogs": (request, caller) => {
      const all = dialogsOf(state, caller.person);
      const offsetDateS = int(request, "offset_date");
      const offsetId = int(request, "offset_id");
      const offsetPeer = object(request, "offset_peer");
      const offsetPeerId =
        offsetPeer._ === "inputPeerEmpty" ? null : peerOfInput(state, caller, offsetPeer).id;
      const position = all.findIndex(({ chatId }) => chatId === offsetPeerId);
      const rest =
        position >= 0
          ? all.slice(position + 1)
          : all.filter(
              ({ id, post }) =>
                (offsetDateS === 0 || post.dateS < offsetDateS) && (offsetId === 0 || id < offsetId),
            );
      const limit = int(request, "limit");
      const page = rest.slice(0, limit <= 0 ? maxDialogs : Math.min(limit, maxDialogs));
      const content = dialogsView(state, caller.person, page);
      return page.length === all.length
        ? { _: "messages.dialogs", ...content }
        : { _: "messages.dialogsSlice", count: all.length, ...content };
    },
    "messages.getPeerDialogs": (request, { person, ...session }) => {
      const caller = { person, ...session };
      const chatIds = objects(request, "peers").map(
        (input) => peerOfInput(state, caller, object(input, "peer")).id,
      );
      const messages = chatIds.map((chatId) => topMessage(state, person, chatId));
      return {
        _: "messages.peerDialogs",
        dialogs: chatIds.map((chatId) => dialogOf(state, person, chatId)),
        ...messagesView(state, person, messages, chatIds),
        state: stateView(state, person.box.log.pts),
      };
    },
    "messages.getPinnedDialogs": (_request, { person }) => ({
      _: "messages.peerDialogs",
      dialogs: [],
      messages: [],
      chats: [],
      users: [],
      state: stateView(state, person.box.log.pts),
    }),
  });
}

/** One entry of the chat list. */
export function dialogOf(state: WorldState, person: Person, chatId: PeerId): TlObject {
  const box = state.boxFor(person, chatId);
  const chat = state.chats.get(chatId);
  const thread = box.thread(chatId);
  const readInboxMaxId =
    chat?.box == null ? thread.readInboxMaxId : (chat.members.get(person.id)?.readInboxMaxId ?? 0);
  return {
    _: "dialog",
    peer: peerOf(chatId),
    top_message: thread.ids.at(-1) ?? 0,
    read_inbox_max_id: readInboxMaxId,
    read_outbox_max_id: chat?.box == null ? thread.readOutboxMaxId : chat.readOutboxMaxId,
    unread_count: box.unreadCount(chatId, person.id, readInboxMaxId),
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    notify_settings: { _: "peerNotifySettings" },
    ...(box !== person.box && { pts: box.log.pts }),
  };
}

/** The last message of each chat, the newest chat first. */
function dialogsOf(state: WorldState, person: Person): readonly BoxMessage[] {
  const channelIds = [...person.chatIds].filter((chatId) => state.chat(chatId).box !== null);
  return [...person.box.threads.keys(), ...channelIds]
    .map((chatId) => topMessage(state, person, chatId))
    .filter((message) => message !== undefined)
    .sort((a, b) => b.post.dateS - a.post.dateS || b.id - a.id);
}

function topMessage(state: WorldState, person: Person, chatId: PeerId): BoxMessage | undefined {
  const box = state.boxFor(person, chatId);
  return box.get(box.thread(chatId).ids.at(-1) ?? 0);
}

function dialogsView(
  state: WorldState,
  person: Person,
  tops: readonly BoxMessage[],
): Record<string, TlObject[]> {
  return {
    dialogs: tops.map(({ chatId }) => dialogOf(state, person, chatId)),
    ...messagesView(state, person, tops, []),
  };
}

function messagesView(
  state: WorldState,
  person: Person,
  messages: readonly (BoxMessage | undefined)[],
  chatIds: readonly PeerId[],
): Record<"messages" | "users" | "chats", TlObject[]> {
  const found = messages.filter((message) => message !== undefined);
  return {
    messages: found.map((message) => messageView(state, person.id, message)),
    ...peerViews(state, person.id, [...chatIds, ...found.flatMap(peersOf)]),
  };
}
