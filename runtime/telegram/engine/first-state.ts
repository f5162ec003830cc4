import type { ChatId } from "../../contract/index.ts";
import type { UpdateState } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import type { RpcOptions, RpcPort } from "../rpc-port.ts";
import { type DialogLine, dialogPages } from "./dialog-pages.ts";
import { stateOf } from "./difference.ts";

/** Where an account stands that begins to read now. */
export interface FirstState {
  readonly account: UpdateState;
  /** The `pts` of the channels among its latest chats; others are taken up with their first update. */
  readonly channels: ReadonlyMap<ChatId, number>;
}

/**
 * Asks Telegram for its present, and learns with the channels the access hashes that their differences are asked by: a
 * channel that is not known can be quiet now and speak while nobody listens.
 */
export async function firstState(line: DialogLine, options: RpcOptions): Promise<FirstState> {
  const account = stateOf(await line.rpc.invoke(new Api.updates.GetState(), options));
  const channels = new Map<ChatId, number>();
  for await (const page of dialogPages(line, options)) {
    for (const { chatId, pts } of page) if (pts) channels.set(chatId, pts);
  }
  return { account, channels };
}

/** How far one channel has come; `null` where Telegram does not say. */
export async function channelPresent(
  rpc: RpcPort,
  channel: Api.InputChannel,
  options: RpcOptions,
): Promise<number | null> {
  const peers = [new Api.InputDialogPeer({ peer: new Api.InputPeerChannel(channel) })];
  const { dialogs } = await rpc.invoke(new Api.messages.GetPeerDialogs({ peers }), options);
  const [dialog] = dialogs;
  return dialog instanceof Api.Dialog ? (dialog.pts ?? null) : null;
}
