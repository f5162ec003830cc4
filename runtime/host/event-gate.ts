import { chatOfEvent } from "../bus/index.ts";
import {
  type AccountName,
  type Chat,
  type EventName,
  privateChatIdOf,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { eventTable } from "../permissions/index.ts";
import type { Guard } from "./guard.ts";
import { eventWithoutLoginCode } from "./login-codes.ts";

/**
 * Refuses a subscription that would never see anything.
 *
 * @throws {TelegraphistError} `PERMISSION_DENIED`
 */
export function requireEvent(guard: Guard, name: EventName): void {
  const scopes = eventTable[name];
  const isGranted = scopes.some((scope) => guard.allows({ permission: "telegram", scope }));
  const [scope] = scopes;
  if (scope !== undefined && !isGranted) {
    guard.demand(`subscribe to ${name}`, { permission: "telegram", scope });
  }
}

/** What of an event a plugin may see: `null` for another's account or chat, and never a login code. */
export function eventGate(
  guard: Guard,
  accounts: readonly AccountName[],
): (event: TelegraphistEvent) => TelegraphistEvent | null {
  const names = new Set<string>(accounts);
  return (event) => {
    if (!names.has(event.account.name)) return null;
    if (eventTable[event.type].length === 0 || guard.coversEveryChat) return eventWithoutLoginCode(event);
    const chat = event.type === "user.status" ? privateChatOf(event) : chatOfEvent(event);
    return chat !== null && guard.coversChat(chat) ? eventWithoutLoginCode(event) : null;
  };
}

function privateChatOf(
  event: Extract<TelegraphistEvent, { readonly type: "user.status" }>,
): Pick<Chat, "id" | "kind" | "username"> {
  return { id: privateChatIdOf(event.userId), kind: "private", username: event.user?.username ?? null };
}
