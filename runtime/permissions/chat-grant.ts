import type { PermissionSet } from "../contract/index.ts";
import type { ChatIdentity } from "./request.ts";

/** Whether an entry of `chats:` (a marked id, `@username`, a chat kind, or `*`) covers the chat. */
export function chatCovers(grant: string, chat: ChatIdentity): boolean {
  if (grant === "*" || grant === chat.kind || grant === chat.id) return true;
  return (
    grant.startsWith("@") &&
    chat.username !== null &&
    grant.slice(1).toLowerCase() === chat.username.toLowerCase()
  );
}

/** Whether an entry covers every chat that another one does, as far as the entries themselves tell. */
export function chatEntryCovers(wide: string, narrow: string): boolean {
  return wide === "*" || wide.toLowerCase() === narrow.toLowerCase();
}

/** Whether two entries may mean the same chat: a kind and a name may, as nothing here tells of what kind a chat is. */
export function chatEntriesMayMeet(one: string, other: string): boolean {
  return chatEntryCovers(one, other) || chatEntryCovers(other, one) || isKind(one) !== isKind(other);
}

function isKind(entry: string): boolean {
  return !entry.startsWith("@") && !/^-?\d+$/.test(entry);
}

/** Whether every chat is covered, so that nobody has to ask which one it is. */
export function coversEveryChat(
  requested: PermissionSet,
  allow: PermissionSet,
  deny: PermissionSet,
): boolean {
  return (
    (requested.chats ?? []).includes("*") &&
    (allow.chats ?? []).includes("*") &&
    (deny.chats ?? []).length === 0
  );
}
