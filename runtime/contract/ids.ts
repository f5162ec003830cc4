import { TelegraphistError } from "./error.ts";

declare const brand: unique symbol;

/** A string that only its parser can make, so that a chat id is never passed where a message id belongs. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The name under `accounts:` in the configuration: lower-case letters, digits, `-` and `_`, 1 to 32 characters. */
export type AccountName = Branded<"AccountName">;

/** The name under `plugins:` in the configuration: lower-case letters, digits, `-` and `_`, 1 to 64 characters. */
export type PluginName = Branded<"PluginName">;

/** A person's or bot's id: a positive decimal number. */
export type UserId = Branded<"UserId">;

/**
 * Any place a message can be in, as one decimal string in the marked form that the Bot API made common: a user is its
 * own id (`"42"`), a basic group is negated (`"-42"`), a supergroup or channel is prefixed by `-100` (`"-10042"`).
 *
 * Source of the ranges: core.telegram.org/api/bots/ids.
 */
export type ChatId = Branded<"ChatId">;

/** A message's number within its chat: a positive decimal number. */
export type MessageId = Branded<"MessageId">;

/** Names one event; the same update always makes the same id, so that a repeated delivery can be told. */
export type EventId = Branded<"EventId">;

/** What an id stands for, with the bare (unmarked, positive) number as a decimal string. */
export type PeerKey =
  | { readonly kind: "user"; readonly bareId: string }
  | { readonly kind: "group"; readonly bareId: string }
  | { readonly kind: "channel"; readonly bareId: string };

const positiveDecimal = /^[1-9]\d{0,18}$/;
const channelOffset = 1_000_000_000_000n;

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is no account name. */
export function parseAccountName(text: string): AccountName {
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(text)) throw invalidId("account name", text);
  // Checked against the whole grammar above.
  return text as AccountName;
}

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is no plugin name. */
export function parsePluginName(text: string): PluginName {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(text)) throw invalidId("plugin name", text);
  // Checked against the whole grammar above.
  return text as PluginName;
}

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is no positive decimal number. */
export function parseUserId(text: string): UserId {
  if (!positiveDecimal.test(text)) throw invalidId("user id", text);
  // Checked against the whole grammar above.
  return text as UserId;
}

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is no positive decimal number. */
export function parseMessageId(text: string): MessageId {
  if (!positiveDecimal.test(text)) throw invalidId("message id", text);
  // Checked against the whole grammar above.
  return text as MessageId;
}

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is no marked id. */
export function parseChatId(text: string): ChatId {
  if (!/^-?[1-9]\d{0,18}$/.test(text)) throw invalidId("chat id", text);
  // Checked against the whole grammar above.
  return text as ChatId;
}

/** @throws {TelegraphistError} `CONTRACT_INVALID_ID` when the text is empty or longer than 200 characters. */
export function parseEventId(text: string): EventId {
  if (text.length === 0 || text.length > 200) throw invalidId("event id", text);
  // Any short, non-empty text names an event.
  return text as EventId;
}

/** Makes the marked id of a user, basic group, or channel from its bare number. */
export function chatIdOf(key: PeerKey): ChatId {
  switch (key.kind) {
    case "user":
      return parseChatId(key.bareId);
    case "group":
      return parseChatId(`-${key.bareId}`);
    case "channel":
      return parseChatId(`-${channelOffset + BigInt(key.bareId)}`);
    default:
      return key satisfies never;
  }
}

/** Tells what a marked id stands for. */
export function peerKeyOf(chatId: ChatId): PeerKey {
  if (!chatId.startsWith("-")) return { kind: "user", bareId: chatId };
  const magnitude = BigInt(chatId.slice(1));
  return magnitude > channelOffset
    ? { kind: "channel", bareId: String(magnitude - channelOffset) }
    : { kind: "group", bareId: String(magnitude) };
}

/** A private chat has the id of the person in it. */
export function privateChatIdOf(userId: UserId): ChatId {
  return parseChatId(userId);
}

function invalidId(what: string, text: string): TelegraphistError {
  return new TelegraphistError({
    code: "CONTRACT_INVALID_ID",
    category: "INVALID",
    message: `Cannot read ${what}: received ${JSON.stringify(text.slice(0, 40))}`,
  });
}
