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
  const { fwd_from: forward } = answer;
  const origins = [answer.peer_id, answer.from_id, answer, isRecord(forward) && forward.from_id];
  const isCode =
    answer._ === "updateServiceNotification" ||
    (typeof answer.message === "string" &&
      origins.some((origin) => isRecord(origin) && origin.user_id === serviceUserId));
  if (isCode) return { ...answer, message: "", entities: [], media: null, reply_markup: null };
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, answerWithoutLoginCodes(value)]),
  );
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
