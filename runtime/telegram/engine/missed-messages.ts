import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { isStored, type StoredMessage } from "../mapping/message.ts";
import type { PeerContainer } from "../peers/peer-store.ts";
import type { RpcOptions, RpcPort } from "../rpc-port.ts";

export interface MissedMessages extends PeerContainer {
  /** Oldest first. */
  readonly messages: readonly StoredMessage[];
  /** `false` when there were more than are read. */
  readonly isWhole: boolean;
}

const pageSize = 100;
const maxPages = 100;

/**
 * The messages of a chat since a time in Telegram's seconds, that second included, as one may have come in it after
 * the last that is known. Edits and deletions of older messages are not among them: nothing tells those any more.
 */
export async function missedMessages(
  rpc: RpcPort,
  peer: Api.TypeInputPeer,
  sinceDate: number,
  options: RpcOptions,
): Promise<MissedMessages> {
  const found: StoredMessage[] = [];
  const users: Api.TypeUser[] = [];
  const chats: Api.TypeChat[] = [];
  let offsetId = 0;
  let isWhole = false;
  for (let pages = 0; pages < maxPages && !isWhole; pages += 1) {
    const request = new Api.messages.GetHistory({
      ...{ peer, offsetId, offsetDate: 0, addOffset: 0, limit: pageSize },
      ...{ maxId: 0, minId: 0, hash: longOf(0) },
    });
    const answer = await rpc.invoke(request, options);
    if (answer instanceof Api.messages.MessagesNotModified) break;
    const messages = answer.messages.filter(isStored);
    found.push(...messages.filter(({ date }) => date >= sinceDate));
    users.push(...answer.users);
    chats.push(...answer.chats);
    isWhole = answer.messages.length < pageSize || messages.some(({ date }) => date < sinceDate);
    offsetId = answer.messages.at(-1)?.id ?? 0;
  }
  return { messages: found.reverse(), users, chats, isWhole };
}
