import type { JsonValue, Message, TelegraphistEvent } from "../contract/index.ts";

/** Telegram's own account, which sends login codes (core.telegram.org/api/auth). */
export const serviceUserId = "777000";

const blank = { text: "", entities: [], media: null } as const;

type Origin = Pick<Message, "chat" | "sender" | "forward">;

/** The message as a plugin may see it: what Telegram's service account wrote may hold a login code, and is blanked. */
export function withoutLoginCode(message: Message): Message {
  return mayHoldCode(message) ? { ...message, ...blank } : message;
}

/** The event as a plugin may see it. */
export function eventWithoutLoginCode(event: TelegraphistEvent): TelegraphistEvent {
  switch (event.type) {
    case "message.received":
      return mayHoldCode(event) ? { ...event, ...blank } : event;
    case "message.sent":
      return mayHoldCode(event) ? { ...event, ...blank } : event;
    case "message.edited":
      return mayHoldCode(event) ? { ...event, ...blank } : event;
    default:
      return event;
  }
}

/** Whether a message may hold a login code. */
export function mayHoldCode({ chat, sender, forward }: Origin): boolean {
  return chat.id === serviceUserId || sender.id === serviceUserId || forward?.fromId === serviceUserId;
}

/** The answer of a raw call as a plugin may see it. */
export function answerWithoutLoginCodes(answer: JsonValue): JsonValue {
  if (typeof answer !== "object" || answer === null) return answer;
  if (isList(answer)) return answer.map(answerWithoutLoginCodes);
  if (isFromService(answer)) return { ...answer, ...blanksOf(answer) };
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, answerWithoutLoginCodes(value)]),
  );
}

/** Where a message, or a quotation of one, tells whose it is: constructors of the TL schema have these fields. */
const originFields = [
  ...["peer_id", "from_id", "saved_peer_id", "user_id"],
  ...["saved_from_peer", "saved_from_id", "reply_to_peer_id"],
];

function isFromService(part: JsonObject): boolean {
  if (part._ === "updateServiceNotification") return true;
  if (typeof part.message !== "string" && part._ !== "messageReplyHeader") return false;
  const { fwd_from: forward, reply_from: quoted } = part;
  return [part, forward, quoted].some(
    (holder) => isRecord(holder) && originFields.some((field) => isService(holder[field])),
  );
}

function isService(peer: JsonValue | undefined): boolean {
  return peer === serviceUserId || (isRecord(peer) && peer.user_id === serviceUserId);
}

/** What of it may hold the code. */
function blanksOf(part: JsonObject): JsonObject {
  if (part._ === "messageReplyHeader") return { quote_text: "", quote_entities: [], reply_media: null };
  return { message: "", entities: [], media: null, reply_markup: null, reply_to: null };
}

type JsonObject = { readonly [key: string]: JsonValue };

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
