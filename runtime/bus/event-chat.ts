import type { Chat, ChatId, TelegraphistEvent } from "../contract/index.ts";

/** The chat that an event is about; `null` for one that names none. */
export function chatOfEvent(event: TelegraphistEvent): Chat | null {
  return "chat" in event ? event.chat : null;
}

/** The id of the chat that an event is about; `null` for one that names none. */
export function chatIdOfEvent(event: TelegraphistEvent): ChatId | null {
  if ("chat" in event) return event.chat?.id ?? null;
  return "chatId" in event ? event.chatId : null;
}

/** Events with the same key are handled one after another. */
export function orderKeyOf(event: TelegraphistEvent): string {
  return `${event.account.name} ${chatIdOfEvent(event) ?? ""}`;
}
