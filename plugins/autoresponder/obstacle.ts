import { isWithinHours, type MessageReceived } from "telegraphist";
import type { AutoresponderConfig } from "./config.ts";

/** Telegram's own account, which sends login codes. */
const serviceUserId = "777000";

/** Why a message is not answered, whatever the rules say. */
export type Obstacle =
  | "from a bot"
  | "from oneself"
  | "from Telegram"
  | "not from a person"
  | "service message"
  | "channel post"
  | "sent through a bot"
  | "group not addressed to the owner"
  | "too old"
  | "outside hours";

/** What keeps a message from being answered at a time, or `null`. */
export function obstacleTo(
  event: MessageReceived,
  config: Pick<AutoresponderConfig, "groups" | "hours" | "maxMessageAgeMinutes">,
  nowMs: number,
): Obstacle | null {
  const { chat, sender } = event;
  if (event.serviceAction !== null) return "service message";
  if (chat.kind === "channel" || event.isPost) return "channel post";
  if (sender.id === serviceUserId || chat.id === serviceUserId) return "from Telegram";
  if (sender.type === "chat" || sender.isDeleted) return "not from a person";
  if (sender.isSelf || sender.id === event.account.userId) return "from oneself";
  if (sender.isBot || (chat.kind === "private" && chat.isBot)) return "from a bot";
  if (event.viaBotId !== null) return "sent through a bot";
  const isAddressed = config.groups === "always" || (config.groups === "mentioned" && event.isMentioned);
  if (chat.kind !== "private" && !isAddressed) return "group not addressed to the owner";
  if (nowMs - event.sentAtMs > config.maxMessageAgeMinutes * 60_000) return "too old";
  if (config.hours !== undefined && !config.hours.some((hours) => isWithinHours(hours, nowMs))) {
    return "outside hours";
  }
  return null;
}
