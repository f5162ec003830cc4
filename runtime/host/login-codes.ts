import type { Message, TelegraphistEvent } from "../contract/index.ts";

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

function mayHoldCode({ chat, sender, forward }: Origin): boolean {
  return chat.id === serviceUserId || sender.id === serviceUserId || forward?.fromId === serviceUserId;
}
