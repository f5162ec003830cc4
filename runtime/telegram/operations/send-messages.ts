import {
  type CallOptions,
  type ChatId,
  type Message,
  type MessageId,
  type MessageRef,
  type OnceOptions,
  type PeerLike,
  parseMessageId,
  type SendOptions,
  type TextContent,
  type UserId,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { type Long, longOf } from "../mapping/long.ts";
import { peerOf } from "../mapping/peer-id.ts";
import { secondsOfMs } from "../mapping/seconds.ts";
import type { CallTime } from "./call-time.ts";
import { invalidCall, messageNumber } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";
import { fetchMessages } from "./read-messages.ts";
import { sendOnce, sendOneOnce } from "./send-once.ts";
import { type SendableText, sendableText } from "./text-content.ts";
import { unlessSo } from "./unless-so.ts";

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
  const looksLike = (message: Message) =>
    message.text === text.message && (message.replyTo?.messageId ?? null) === (options.replyTo ?? null);
  return sendOneOnce(operator, { chat, looksLike, options }, async (randomId) => {
    const answer = await operator.rpc.invoke(
      new Api.messages.SendMessage({ peer, ...text, randomId, ...sendFields(options) }),
      call.rpc(chatId),
    );
    const whole =
      answer instanceof Api.UpdateShortSentMessage
        ? completed(answer, { randomId, chatId, text, options, selfId: operator.rpc.account.userId })
        : answer;
    return operator.sent(whole, [String(randomId)]);
  });
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
  const request = new Api.messages.EditMessage({ peer, id, message: text, entities, noWebpage });
  const answer = await unlessSo(
    "MESSAGE_NOT_MODIFIED",
    operator.rpc.invoke(request, call.rpc(message.chatId)),
  );
  if (answer === null) return storedMessage(operator, message, call);
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

/** The message as Telegram has it. */
async function storedMessage(
  operator: Operator,
  { chatId, messageId }: MessageRef,
  call: CallTime,
): Promise<Message> {
  const answer = await fetchMessages(operator, chatId, [messageId], call);
  const [stored] = await operator.messages(answer);
  if (stored === undefined) throw unreadable(answer);
  return stored;
}

export async function forward(
  operator: Operator,
  from: PeerLike,
  messageIds: readonly MessageId[],
  to: PeerLike,
  options: CallOptions & OnceOptions & { readonly silent?: boolean; readonly dropAuthor?: boolean } = {},
): Promise<readonly Message[]> {
  if (messageIds.length < 1 || messageIds.length > 100) {
    throw invalidCall(`Cannot forward messages as 1 to 100 can go at once: received ${messageIds.length}`);
  }
  const call = operator.begin(options);
  const fromPeer = await operator.peers.inputPeer(from, call);
  const toPeer = await operator.peers.inputPeer(to, call);
  const toId = await operator.peers.chatId(to, call);
  // A part is named by the message that it comes from, as some of them may be gone when the call is repeated.
  const looksLike = ({ forward }: Message) => options.dropAuthor === true || forward !== null;
  const sending = { chat: to, looksLike, options };
  return sendOnce(operator, sending, messageIds, async (parts) => {
    const randomId = parts.map((part) => part.randomId);
    const answer = await operator.rpc.invoke(
      new Api.messages.ForwardMessages({
        ...{ fromPeer, toPeer, randomId },
        id: parts.map((part) => messageNumber(parseMessageId(part.name))),
        silent: options.silent ?? false,
        dropAuthor: options.dropAuthor ?? false,
      }),
      call.rpc(toId),
    );
    return operator.sent(answer, randomId.map(String));
  });
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
function theOne(messages: readonly Message[], answer: Api.TypeUpdates): Message {
  const [message] = messages;
  if (message === undefined) throw unreadable(answer);
  return message;
}

interface SentText {
  readonly randomId: Long;
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
