import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "../world/box-message.ts";
import type { Chat } from "../world/chat.ts";
import { channelId, type PeerId } from "../world/peer-id.ts";
import { Person } from "../world/person.ts";
import type { WorldState } from "../world/world-state.ts";
import type { Caller } from "./caller.ts";
import { int, long, object } from "./fields.ts";
import { RpcError } from "./rpc.ts";

/** The person or chat of a TL `InputPeer`. @throws {RpcError} `PEER_ID_INVALID`, `CHANNEL_INVALID`, `CHANNEL_PRIVATE` */
export function peerOfInput(state: WorldState, caller: Caller, input: TlObject): Person | Chat {
  switch (input._) {
    case "inputPeerSelf":
    case "inputPeerUser":
    case "inputPeerUserFromMessage":
      return personOfInput(state, caller, input, "PEER_ID_INVALID");
    case "inputPeerChat":
      return groupOf(state, caller, -Number(long(input, "chat_id")), "PEER_ID_INVALID");
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return channelOfInput(state, caller, input);
    default:
      throw new RpcError(400, "PEER_ID_INVALID");
  }
}

/** The person of an `InputUser` or `InputPeer`; others than oneself must be named by the right access hash. */
export function personOfInput(
  state: WorldState,
  caller: Caller,
  input: TlObject,
  error = "USER_ID_INVALID",
): Person {
  if (input._ === "inputUserSelf" || input._ === "inputPeerSelf") return caller.person;
  if (input.user_id === undefined) throw new RpcError(400, error);
  const id = Number(long(input, "user_id"));
  const person = state.people.get(id);
  if (person === undefined) throw new RpcError(400, error);
  if (id !== caller.person.id && !isProven(state, caller, input, id)) throw new RpcError(400, error);
  return person;
}

/** The channel or supergroup of an `InputChannel` or `InputPeer` that the caller may look into. */
export function channelOfInput(state: WorldState, caller: Caller, input: TlObject): Chat {
  const chat = anyChannelOfInput(state, caller, input);
  if (!canSee(chat, caller.person.id)) throw new RpcError(400, "CHANNEL_PRIVATE");
  return chat;
}

/** As `channelOfInput()`, whether the caller may look into it or not. */
export function anyChannelOfInput(state: WorldState, caller: Caller, input: TlObject): Chat {
  if (input.channel_id === undefined) throw new RpcError(400, "CHANNEL_INVALID");
  const id = channelId(Number(long(input, "channel_id")));
  const chat = state.chats.get(id);
  if (chat === undefined || !isProven(state, caller, input, id)) throw new RpcError(400, "CHANNEL_INVALID");
  return chat;
}

/** A basic group that the caller is in. */
export function groupOf(state: WorldState, caller: Caller, id: PeerId, error = "CHAT_ID_INVALID"): Chat {
  const chat = state.chats.get(id);
  if (chat?.kind !== "group" || !chat.has(caller.person.id)) throw new RpcError(400, error);
  return chat;
}

/** The chat of an `InputPeer` that is no private one. */
export function chatOfInput(state: WorldState, caller: Caller, input: TlObject): Chat {
  const peer = peerOfInput(state, caller, input);
  if (peer instanceof Person) throw new RpcError(400, "PEER_ID_INVALID");
  return peer;
}

/** A message of the chat by its number. @throws {RpcError} `MESSAGE_ID_INVALID` */
export function messageOf(state: WorldState, caller: Caller, peer: Person | Chat, id: number): BoxMessage {
  const message = state.boxFor(caller.person, peer.id).get(id);
  if (message?.chatId !== peer.id) throw new RpcError(400, "MESSAGE_ID_INVALID");
  return message;
}

/** @throws {RpcError} `CHAT_ADMIN_REQUIRED` */
export function requireRight(chat: Chat, caller: Caller, right: string): void {
  if (!chat.isAllowed(caller.person.id, right)) throw new RpcError(400, "CHAT_ADMIN_REQUIRED");
}

function canSee(chat: Chat, userId: PeerId): boolean {
  return chat.has(userId) || (chat.username !== null && !chat.isBanned(userId));
}

/** By the access hash, or by a message in which the caller has met them. */
function isProven(state: WorldState, caller: Caller, input: TlObject, id: PeerId): boolean {
  if (input.access_hash !== undefined) {
    return long(input, "access_hash") === state.accessHash(caller.person.id, id);
  }
  const place = peerOfInput(state, caller, object(input, "peer"));
  return messageOf(state, caller, place, int(input, "msg_id")).post.fromId === id;
}
