import { type ChatId, parseChatId, parseUserId, type UserId } from "telegraphist";

/** A person as a list names them: `@username` in lower case, or a numeric id. */
export type PersonRef = UserId | `@${string}`;

/** Reads `@name`, `name`, `https://t.me/name`, or a numeric id; `null` for anything else. */
export function parsePersonRef(text: string): PersonRef | null {
  const trimmed = text.trim();
  if (/^[1-9]\d{0,18}$/.test(trimmed)) return parseUserId(trimmed);
  const name = /^(?:@|(?:https?:\/\/)?t\.me\/)?([a-zA-Z]\w{2,31})\/?$/.exec(trimmed)?.[1];
  return name === undefined ? null : `@${name.toLowerCase()}`;
}

/** Reads a channel that the configuration has checked: `@name`, `https://t.me/name`, or a numeric id. */
export function parseChannelRef(text: string): ChatId | `@${string}` {
  const name = /^(?:@|https:\/\/t\.me\/)(\w+)$/.exec(text)?.[1];
  return name === undefined ? parseChatId(text) : `@${name}`;
}
