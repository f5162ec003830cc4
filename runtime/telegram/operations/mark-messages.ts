import type { CallOptions, MessageId, MessageRef, PeerLike, TypingAction } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { inputChannelOf } from "../peers/peer-resolver.ts";
import { invalidCall, messageNumber, requireLength } from "./invalid-call.ts";
import type { Operator } from "./operator.ts";
import { unlessSo } from "./unless-so.ts";

/** How many messages one `deleteMessages` takes. Source: core.telegram.org/method/messages.deleteMessages. */
const deletedAtOnce = 100;

export async function deleteMessages(
  operator: Operator,
  chat: PeerLike,
  messageIds: readonly MessageId[],
  options: CallOptions & { readonly forEveryone?: boolean } = {},
): Promise<number> {
  if (messageIds.length < 1 || messageIds.length > 10_000) {
    throw invalidCall(`Cannot delete messages as 1 to 10000 can go in a call: received ${messageIds.length}`);
  }
  const call = operator.begin(options);
  const chatId = await operator.peers.chatId(chat, call);
  const channel = await operator.peers.inputChannel(chat, call);
  const revoke = options.forEveryone ?? true;
  let deletedCount = 0;
  for (let at = 0; at < messageIds.length; at += deletedAtOnce) {
    const id = messageIds.slice(at, at + deletedAtOnce).map(messageNumber);
    const request =
      channel === null
        ? new Api.messages.DeleteMessages({ id, revoke })
        : new Api.channels.DeleteMessages({ channel, id });
    const { pts, ptsCount } = await operator.rpc.invoke(request, call.rpc(chatId));
    deletedCount += ptsCount;
    const told = { messages: id, pts, ptsCount };
    operator.publishOne(
      channel === null
        ? new Api.UpdateDeleteMessages(told)
        : new Api.UpdateDeleteChannelMessages({ ...told, channelId: channel.channelId }),
    );
  }
  return deletedCount;
}

export async function react(
  operator: Operator,
  message: MessageRef,
  emoji: string | null,
  options: CallOptions = {},
): Promise<void> {
  if (emoji !== null) requireLength("emoji", emoji, 1, 64);
  const call = operator.begin(options);
  const request = new Api.messages.SendReaction({
    peer: await operator.peers.inputPeer(message.chatId, call),
    msgId: messageNumber(message.messageId),
    reaction: emoji === null ? [] : [new Api.ReactionEmoji({ emoticon: emoji })],
  });
  const answer = await unlessSo(
    "MESSAGE_NOT_MODIFIED",
    operator.rpc.invoke(request, call.rpc(message.chatId)),
  );
  if (answer !== null) operator.publish(answer);
}

export async function read(
  operator: Operator,
  chat: PeerLike,
  options: CallOptions & { readonly upToMessageId?: MessageId } = {},
): Promise<void> {
  const call = operator.begin(options);
  const peer = await operator.peers.inputPeer(chat, call);
  const channel = inputChannelOf(peer);
  // 0 stands for all of them.
  const maxId = options.upToMessageId === undefined ? 0 : messageNumber(options.upToMessageId);
  if (channel !== null) {
    await operator.rpc.invoke(new Api.channels.ReadHistory({ channel, maxId }), call.rpc());
    return;
  }
  const { pts, ptsCount } = await operator.rpc.invoke(
    new Api.messages.ReadHistory({ peer, maxId }),
    call.rpc(),
  );
  // The one update that takes the account's count on and says nothing else.
  operator.publishOne(new Api.UpdateReadMessagesContents({ messages: [], pts, ptsCount }));
}

export async function typing(
  operator: Operator,
  chat: PeerLike,
  action: TypingAction = "typing",
  options: CallOptions = {},
): Promise<void> {
  const call = operator.begin(options);
  const peer = await operator.peers.inputPeer(chat, call);
  await operator.rpc.invoke(new Api.messages.SetTyping({ peer, action: tlAction(action) }), call.rpc());
}

function tlAction(action: TypingAction): Api.TypeSendMessageAction {
  switch (action) {
    case "typing":
      return new Api.SendMessageTypingAction();
    case "recording-voice":
      return new Api.SendMessageRecordAudioAction();
    case "uploading-document":
      return new Api.SendMessageUploadDocumentAction({ progress: 0 });
    case "uploading-photo":
      return new Api.SendMessageUploadPhotoAction({ progress: 0 });
    case "cancel":
      return new Api.SendMessageCancelAction();
    default:
      return action satisfies never;
  }
}
