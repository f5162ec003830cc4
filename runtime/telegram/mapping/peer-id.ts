import { type ChatId, chatIdOf, parseUserId, peerKeyOf, type UserId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { type Long, longOf } from "./long.ts";

/** The marked id of a TL peer. */
export function chatIdOfPeer(peer: Api.TypePeer): ChatId {
  if (peer instanceof Api.PeerUser) return chatIdOfUser(peer.userId);
  if (peer instanceof Api.PeerChat) return chatIdOfGroup(peer.chatId);
  return chatIdOfChannel(peer.channelId);
}

export function chatIdOfUser(bareId: Long): ChatId {
  return chatIdOf({ kind: "user", bareId: bareId.toString() });
}

export function chatIdOfGroup(bareId: Long): ChatId {
  return chatIdOf({ kind: "group", bareId: bareId.toString() });
}

export function chatIdOfChannel(bareId: Long): ChatId {
  return chatIdOf({ kind: "channel", bareId: bareId.toString() });
}

export function userIdOf(bareId: Long): UserId {
  return parseUserId(bareId.toString());
}

/** The person that a peer is, or `null` when it is a chat. */
export function userIdOfPeer(peer: Api.TypePeer): UserId | null {
  return peer instanceof Api.PeerUser ? userIdOf(peer.userId) : null;
}

/** The TL peer of a marked id. */
export function peerOf(chatId: ChatId): Api.TypePeer {
  const { kind, bareId } = peerKeyOf(chatId);
  switch (kind) {
    case "user":
      return new Api.PeerUser({ userId: longOf(bareId) });
    case "group":
      return new Api.PeerChat({ chatId: longOf(bareId) });
    case "channel":
      return new Api.PeerChannel({ channelId: longOf(bareId) });
    default:
      return kind satisfies never;
  }
}
