import type { CallPriority, EventName, TelegramMethod } from "../contract/index.ts";

/** Events that a person made and may wait to see answered. */
const personal: ReadonlySet<EventName> = new Set(["message.received", "message.sent", "message.edited"]);

/** Calls that move much, or page through much, and that another call of the same method should not wait for. */
const bulky: ReadonlySet<TelegramMethod> = new Set(["download", "history", "dialogs", "participants"]);

/**
 * Who waits for a call that names no priority of its own.
 *
 * @param event in whose handler it is made; `null` outside of any
 */
export function priorityOf(event: EventName | null, method: TelegramMethod): CallPriority {
  if (event === "schedule.due" || bulky.has(method)) return "background";
  return event !== null && personal.has(event) ? "interactive" : "normal";
}
