import { type ChatId, peerKeyOf } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import type { PeerContainer, PeerStore } from "../peers/peer-store.ts";
import type { RpcPort } from "../rpc-port.ts";

/** A name is worth this much of a wait in the event path, and no more. */
const fetchTimeoutMs = 5_000;

/**
 * Finds the peers that an update names but does not bring, on disk, else at Telegram. A basic group needs no access
 * hash; anyone else comes with the message that names them, which Telegram gives by its number:
 * core.telegram.org/api/peers.
 */
export async function bringPeers(
  rpc: RpcPort,
  store: PeerStore,
  update: Api.TypeUpdate,
  named: readonly ChatId[],
): Promise<void> {
  const missing = await store.bring(named);
  const groups = missing.filter((id) => peerKeyOf(id).kind === "group");
  if (groups.length > 0) {
    const id = groups.map((group) => longOf(peerKeyOf(group).bareId));
    const { chats } = await rpc.invoke(new Api.messages.GetChats({ id }), { timeoutMs: fetchTimeoutMs });
    await store.remember({ users: [], chats });
  }
  if (groups.length === missing.length) return;
  const container = await messageWithPeers(rpc, store, update);
  if (container !== null) await store.remember(container);
}

async function messageWithPeers(
  rpc: RpcPort,
  store: PeerStore,
  update: Api.TypeUpdate,
): Promise<PeerContainer | null> {
  const named = messageOf(update);
  if (named === null) return null;
  const id = [new Api.InputMessageID({ id: named.number })];
  const chatId = chatIdOfPeer(named.peer);
  const { kind, bareId } = peerKeyOf(chatId);
  if (kind !== "channel")
    return peersIn(await rpc.invoke(new Api.messages.GetMessages({ id }), options(chatId)));
  const accessHash = (await store.find(chatId))?.accessHash ?? null;
  if (accessHash === null) return null;
  const channel = new Api.InputChannel({ channelId: longOf(bareId), accessHash: longOf(accessHash) });
  return peersIn(await rpc.invoke(new Api.channels.GetMessages({ channel, id }), options(chatId)));
}

function messageOf(update: Api.TypeUpdate): { readonly peer: Api.TypePeer; readonly number: number } | null {
  if (update instanceof Api.UpdateMessageReactions) return { peer: update.peer, number: update.msgId };
  if (
    update instanceof Api.UpdateNewMessage ||
    update instanceof Api.UpdateNewChannelMessage ||
    update instanceof Api.UpdateEditMessage ||
    update instanceof Api.UpdateEditChannelMessage
  ) {
    const { message } = update;
    return message.peerId ? { peer: message.peerId, number: message.id } : null;
  }
  return null;
}

function options(chatId: ChatId) {
  return { chatId, timeoutMs: fetchTimeoutMs };
}

function peersIn(answer: Api.messages.TypeMessages): PeerContainer | null {
  return answer instanceof Api.messages.MessagesNotModified ? null : answer;
}
