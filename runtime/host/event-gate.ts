import { chatOfEvent } from "../bus/index.ts";
import {
  type AccountName,
  type Chat,
  type EventName,
  privateChatIdOf,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { eventTable } from "../permissions/index.ts";
import type { Guard } from "./guard.ts";
import { eventWithoutLoginCode } from "./login-codes.ts";

/**
 * Refuses a subscription that would never see anything.
 *
 * @throws {TelegraphistError} `PERMISSION_DENIED` when no scope lets the plugin see the event, `HOST_UNKNOWN_EVENT` when
 * there is none of that name
 */
export function requireEvent(guard: Guard, name: EventName): void {
  if (!Object.hasOwn(eventTable, name)) {
    throw new TelegraphistError({
      code: "HOST_UNKNOWN_EVENT",
      category: "PLUGIN",
      message: `Cannot subscribe to ${JSON.stringify(name)} as plugin "${guard.plugin}": there is no such event`,
    });
  }
  const scopes = eventTable[name];
  const [scope] = scopes;
  if (scope === undefined || scopes.some((one) => guard.allows({ permission: "telegram", scope: one })))
    return;
  guard.demandOnRecord(`subscribe to ${name}`, { permission: "telegram", scope });
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
