import type { ChatId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { isStored, type StoredMessage } from "../mapping/message.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import { inputPeerOf } from "../peers/peer-resolver.ts";
import type { PeerStore } from "../peers/peer-store.ts";
import type { RpcOptions, RpcPort } from "../rpc-port.ts";

/** A chat of the account's list. */
export interface ListedChat {
  readonly chatId: ChatId;
  /** How far a channel has come; `null` for a chat that the account counts. */
  readonly pts: number | null;
  readonly isPinned: boolean;
  /** The last message; `null` when there is none. */
  readonly top: StoredMessage | null;
}

export interface DialogLine {
  readonly rpc: RpcPort;
  readonly peers: PeerStore;
}

const pageSize = 100;
const maxPages = 20;
/** Chats beyond these are not looked at. */
export const listedAtMost = maxPages * pageSize;

/** The account's chats page by page: pinned and newest first. Who is in them is remembered before they are given. */
export async function* dialogPages(
  { rpc, peers }: DialogLine,
  options: RpcOptions,
): AsyncGenerator<readonly ListedChat[]> {
  let offset: Pick<Api.messages.GetDialogs, "offsetDate" | "offsetId" | "offsetPeer"> = {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: new Api.InputPeerEmpty(),
  };
  for (let pages = 0; pages < maxPages; pages += 1) {
    const request = new Api.messages.GetDialogs({ ...offset, limit: pageSize, hash: longOf(0) });
    const answer = await rpc.invoke(request, options);
    if (answer instanceof Api.messages.DialogsNotModified) return;
    await peers.remember(answer);
    const dialogs = answer.dialogs.filter((dialog) => dialog instanceof Api.Dialog);
    const messages = answer.messages.filter(isStored);
    const page = dialogs.map(({ peer, pts, pinned, topMessage }): ListedChat => {
      const chatId = chatIdOfPeer(peer);
      const isTop = ({ id, peerId }: StoredMessage) => id === topMessage && chatIdOfPeer(peerId) === chatId;
      return { chatId, pts: pts ?? null, isPinned: pinned === true, top: messages.find(isTop) ?? null };
    });
    yield page;
    const last = page.at(-1);
    if (answer instanceof Api.messages.Dialogs || last === undefined || page.length < pageSize) return;
    const record = await peers.find(last.chatId);
    if (record === null) return;
    const { id = 0, date = 0 } = last.top ?? {};
    offset = { offsetDate: date, offsetId: id, offsetPeer: inputPeerOf(record) };
  }
}
