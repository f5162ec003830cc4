import type { ChatId } from "../../contract/index.ts";
import type { UpdateState } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { isStored } from "../mapping/message.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import { inputPeerOf } from "../peers/peer-resolver.ts";
import type { PeerStore } from "../peers/peer-store.ts";
import type { RpcOptions, RpcPort } from "../rpc-port.ts";
import { stateOf } from "./difference.ts";

/** Where an account stands that begins to read now. */
export interface FirstState {
  readonly account: UpdateState;
  /** The `pts` of the channels that the account is in. */
  readonly channels: ReadonlyMap<ChatId, number>;
}

interface Offset {
  readonly offsetDate: number;
  readonly offsetId: number;
  readonly offsetPeer: Api.TypeInputPeer;
}

const pageSize = 100;
/** Chats beyond these are taken up with their first update. */
const maxPages = 20;

interface Line {
  readonly rpc: RpcPort;
  readonly peers: PeerStore;
}

/** Asks Telegram for its present. */
export async function firstState(line: Line, options: RpcOptions): Promise<FirstState> {
  const account = stateOf(await line.rpc.invoke(new Api.updates.GetState(), options));
  return { account, channels: await presentChannels(line, options) };
}

/**
 * Learns with the channels the access hashes that their differences are asked by: a channel that is not known can be
 * quiet now and speak while nobody listens.
 */
async function presentChannels(
  { rpc, peers }: Line,
  options: RpcOptions,
): Promise<ReadonlyMap<ChatId, number>> {
  const found = new Map<ChatId, number>();
  let offset: Offset = { offsetDate: 0, offsetId: 0, offsetPeer: new Api.InputPeerEmpty() };
  for (let pages = 0; pages < maxPages; pages += 1) {
    const request = new Api.messages.GetDialogs({ ...offset, limit: pageSize, hash: longOf(0) });
    const answer = await rpc.invoke(request, options);
    if (answer instanceof Api.messages.DialogsNotModified) break;
    await peers.remember(answer);
    const dialogs = answer.dialogs.filter((dialog) => dialog instanceof Api.Dialog);
    for (const { peer, pts } of dialogs) if (pts) found.set(chatIdOfPeer(peer), pts);
    const last = dialogs.at(-1);
    if (answer instanceof Api.messages.Dialogs || last === undefined || dialogs.length < pageSize) break;
    const lastId = chatIdOfPeer(last.peer);
    const record = await peers.find(lastId);
    if (record === null) break;
    const top = answer.messages
      .filter(isStored)
      .find(({ id, peerId }) => id === last.topMessage && chatIdOfPeer(peerId) === lastId);
    offset = {
      offsetDate: top?.date ?? 0,
      offsetId: last.topMessage,
      offsetPeer: inputPeerOf(record),
    };
  }
  return found;
}
