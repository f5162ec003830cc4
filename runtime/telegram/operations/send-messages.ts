import type {
  CallOptions,
  ChatId,
  Message,
  MessageId,
  MessageRef,
  PeerLike,
  SendOptions,
  TextContent,
  UserId,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf, randomLong } from "../mapping/long.ts";
import { peerOf } from "../mapping/peer-id.ts";
import { secondsOfMs } from "../mapping/seconds.ts";
import { invalidCall, messageNumber } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";
import { type SendableText, sendableText } from "./text-content.ts";

export async function send(
  operator: Operator,
  chat: PeerLike,
  content: string | TextContent,
  options: SendOptions = {},
): Promise<Message> {
  const call = operator.begin(options);
  const text = await sendableText(content, operator.peers, call);
  const peer = await operator.peers.inputPeer(chat, call);
  const chatId = await operator.peers.chatId(chat, call);
  const randomId = randomLong();
  const answer = await operator.rpc.invoke(
    new Api.messages.SendMessage({ peer, ...text, randomId, ...sendFields(options) }),
    call.rpc(chatId),
  );
  const whole =
    answer instanceof Api.UpdateShortSentMessage
      ? completed(answer, { randomId, chatId, text, options, selfId: operator.rpc.account.userId })
      : answer;
  return theOne(await operator.sent(whole, [randomId.toString()]), answer);
}

export async function edit(
  operator: Operator,
  message: MessageRef,
  content: string | TextContent,
  options: CallOptions = {},
): Promise<Message> {
  const call = operator.begin(options);
  const { message: text, entities, noWebpage } = await sendableText(content, operator.peers, call);
  const peer = await operator.peers.inputPeer(message.chatId, call);
  const id = messageNumber(message.messageId);
  const answer = await operator.rpc.invoke(
    new Api.messages.EditMessage({ peer, id, message: text, entities, noWebpage }),
    call.rpc(message.chatId),
  );
  operator.publish(answer);
  if (!(answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined)) throw unreadable(answer);
  const edited = answer.updates.flatMap((update) =>
    update instanceof Api.UpdateEditMessage || update instanceof Api.UpdateEditChannelMessage
      ? update.message
      : [],
  );
  return theOne(
    await operator.messages({ users: answer.users, chats: answer.chats, messages: edited }),
    answer,
  );
}

export async function forward(
  operator: Operator,
  from: PeerLike,
  messageIds: readonly MessageId[],
  to: PeerLike,
  options: CallOptions & { readonly silent?: boolean; readonly dropAuthor?: boolean } = {},
): Promise<readonly Message[]> {
  if (messageIds.length < 1 || messageIds.length > 100) {
    throw invalidCall(`Cannot forward messages as 1 to 100 can go at once: received ${messageIds.length}`);
  }
  const call = operator.begin(options);
  const randomIds = messageIds.map(randomLong);
  const answer = await operator.rpc.invoke(
    new Api.messages.ForwardMessages({
      fromPeer: await operator.peers.inputPeer(from, call),
      id: messageIds.map(messageNumber),
      randomId: randomIds,
      toPeer: await operator.peers.inputPeer(to, call),
      silent: options.silent ?? false,
      dropAuthor: options.dropAuthor ?? false,
    }),
    call.rpc(await operator.peers.chatId(to, call)),
  );
  return operator.sent(answer, randomIds.map(String));
}

/** The fields that every kind of send takes. */
export function sendFields(options: SendOptions) {
  const { replyTo, silent = false, scheduleAtMs } = options;
  return {
    silent,
    ...(replyTo !== undefined && {
      replyTo: new Api.InputReplyToMessage({ replyToMsgId: messageNumber(replyTo) }),
    }),
    ...(scheduleAtMs !== undefined && { scheduleDate: secondsOfMs(scheduleAtMs) }),
  };
}

/** @throws {TelegraphistError} `TELEGRAM_ANSWER_UNREADABLE` when there is none */
export function theOne(messages: readonly Message[], answer: Api.TypeUpdates): Message {
  const [message] = messages;
  if (message === undefined) throw unreadable(answer);
  return message;
}

interface SentText {
  readonly randomId: ReturnType<typeof randomLong>;
  readonly chatId: ChatId;
  readonly text: SendableText;
  readonly options: SendOptions;
  readonly selfId: UserId | null;
}

/** Makes the shortest answer whole: it tells number and date, and leaves out what the sender knows. */
function completed(short: Api.UpdateShortSentMessage, sent: SentText): Api.Updates {
  const { id, date, pts, ptsCount, media, entities } = short;
  const { randomId, chatId, text, options, selfId } = sent;
  const { replyTo } = options;
  const message = new Api.Message({
    ...{ id, date, media, entities: entities ?? text.entities },
    out: true,
    message: text.message,
    silent: options.silent ?? false,
    peerId: peerOf(chatId),
    ...(selfId !== null && { fromId: new Api.PeerUser({ userId: longOf(selfId) }) }),
    ...(replyTo !== undefined && {
      replyTo: new Api.MessageReplyHeader({ replyToMsgId: messageNumber(replyTo) }),
    }),
  });
  const updates = [
    new Api.UpdateMessageID({ id, randomId }),
    new Api.UpdateNewMessage({ message, pts, ptsCount }),
  ];
  return new Api.Updates({ updates, users: [], chats: [], date, seq: 0 });
}
