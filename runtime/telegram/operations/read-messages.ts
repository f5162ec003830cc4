import type {
  CallOptions,
  FileMediaKind,
  HistoryOptions,
  Message,
  MessageId,
  MessagePage,
  PeerLike,
  SearchOptions,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { isStored, mapMessage, messageIdOf } from "../mapping/message.ts";
import type { CallTime } from "./call-time.ts";
import { invalidCall, messageNumber, requireWhole } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";

export async function history(
  operator: Operator,
  chat: PeerLike,
  options: HistoryOptions = {},
): Promise<MessagePage> {
  const call = operator.begin(options);
  const window = pageWindow(options);
  const peer = await operator.peers.inputPeer(chat, call);
  const answer = await operator.rpc.invoke(
    new Api.messages.GetHistory({ peer, ...window, offsetDate: 0 }),
    call.rpc(),
  );
  return pageOf(operator, answer, window.limit);
}

export async function search(
  operator: Operator,
  query: string,
  options: SearchOptions = {},
): Promise<MessagePage> {
  const { chat, media } = options;
  const call = operator.begin(options);
  const window = pageWindow(options);
  const filter = media === undefined ? new Api.InputMessagesFilterEmpty() : new filters[media]();
  const where = { q: query, filter, minDate: 0, maxDate: 0 };
  const answer = await operator.rpc.invoke(
    chat === undefined
      ? globalSearch(options, { ...where, limit: window.limit })
      : new Api.messages.Search({ ...where, ...window, peer: await operator.peers.inputPeer(chat, call) }),
    call.rpc(),
  );
  const page = await pageOf(operator, answer, window.limit);
  return {
    ...page,
    messages: page.messages.filter((message) => media === undefined || message.media?.kind === media),
    nextBeforeId: chat === undefined ? null : page.nextBeforeId,
  };
}

export async function messagesById(
  operator: Operator,
  chat: PeerLike,
  messageIds: readonly MessageId[],
  options: CallOptions = {},
): Promise<readonly (Message | null)[]> {
  const call = operator.begin(options);
  const chatId = await operator.peers.chatId(chat, call);
  const answer = await fetchMessages(operator, chat, messageIds, call);
  return operator.read(answer, (view) => {
    const mapped = answer.messages.filter(isStored).map((message) => mapMessage(message, view));
    // Private chats and basic groups share one row of numbers, so a number may be another chat's.
    const byId = new Map(mapped.filter((one) => one.chat.id === chatId).map((one) => [one.id, one]));
    return messageIds.map((id) => byId.get(id) ?? null);
  });
}

/** The TL messages of some numbers, with the peers that they name. */
export async function fetchMessages(
  operator: Operator,
  chat: PeerLike,
  messageIds: readonly MessageId[],
  call: CallTime,
): Promise<Exclude<Api.messages.TypeMessages, Api.messages.MessagesNotModified>> {
  if (messageIds.length < 1 || messageIds.length > 100) {
    throw invalidCall(`Cannot fetch messages as 1 to 100 can come at once: received ${messageIds.length}`);
  }
  const channel = await operator.peers.inputChannel(chat, call);
  const id = messageIds.map((one) => new Api.InputMessageID({ id: messageNumber(one) }));
  const answer = await operator.rpc.invoke(
    channel === null ? new Api.messages.GetMessages({ id }) : new Api.channels.GetMessages({ channel, id }),
    call.rpc(),
  );
  if (answer instanceof Api.messages.MessagesNotModified) throw unreadable(answer);
  return answer;
}

function globalSearch(
  options: SearchOptions,
  where: { q: string; filter: Api.TypeMessagesFilter; minDate: number; maxDate: number; limit: number },
): Api.messages.SearchGlobal {
  if (options.beforeId !== undefined || options.afterId !== undefined) {
    throw invalidCall(
      'Cannot search as "beforeId" and "afterId" count within one chat: name it by "chat", or leave them out',
    );
  }
  const offsetPeer = new Api.InputPeerEmpty();
  return new Api.messages.SearchGlobal({ ...where, offsetRate: 0, offsetPeer, offsetId: 0 });
}

function pageWindow({ limit = 100, beforeId, afterId }: HistoryOptions) {
  return {
    limit: requireWhole("limit", limit, 1, 100),
    offsetId: beforeId === undefined ? 0 : messageNumber(beforeId),
    minId: afterId === undefined ? 0 : messageNumber(afterId),
    maxId: 0,
    addOffset: 0,
    hash: longOf(0),
  };
}

async function pageOf(
  operator: Operator,
  answer: Api.messages.TypeMessages,
  limit: number,
): Promise<MessagePage> {
  if (answer instanceof Api.messages.MessagesNotModified) throw unreadable(answer);
  const last = answer.messages.at(-1);
  return {
    messages: await operator.messages(answer),
    nextBeforeId: last === undefined || answer.messages.length < limit ? null : messageIdOf(last.id),
    totalCount: answer instanceof Api.messages.Messages ? answer.messages.length : answer.count,
  };
}

/** Telegram has no filter for stickers; what it finds is looked over again in any case. */
const filters = {
  photo: Api.InputMessagesFilterPhotos,
  video: Api.InputMessagesFilterVideo,
  animation: Api.InputMessagesFilterGif,
  "video-note": Api.InputMessagesFilterRoundVideo,
  voice: Api.InputMessagesFilterVoice,
  audio: Api.InputMessagesFilterMusic,
  document: Api.InputMessagesFilterDocument,
  sticker: Api.InputMessagesFilterEmpty,
} as const satisfies Record<FileMediaKind, new () => Api.TypeMessagesFilter>;
