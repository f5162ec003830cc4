import type { TelegramScope } from "../contract/index.ts";

/**
 * Methods that a raw wildcard never covers, since they reach the session, money, other people's address books, or make
 * the account a member of something: each has to be named in full.
 */
const onlyByName = [
  /^(auth|account|payments|premium|stories|bots|smsjobs|fragment|phone)\./,
  /^contacts\.(importContacts|importContactToken|addContact|acceptContact|deleteContacts|resetSaved)$/,
  /^messages\.(importChatInvite|startBot|requestWebView|acceptUrlAuth|deleteHistory|initHistoryImport)$/,
  /^channels\.(joinChannel|deleteChannel|editCreator|leaveChannel)$/,
  /^folders\.|^chatlists\./,
  /^updates\./,
] as const;

/** Whether a granted scope covers a wanted one. A raw grant may end in `*`: `raw:messages.*`. */
export function scopeCovers(granted: TelegramScope, wanted: TelegramScope): boolean {
  if (granted === wanted) return true;
  if (!granted.startsWith("raw:") || !granted.endsWith("*") || !wanted.startsWith("raw:")) return false;
  const method = wanted.slice("raw:".length);
  return wanted.startsWith(granted.slice(0, -1)) && !onlyByName.some((pattern) => pattern.test(method));
}

/** Whether it is a method such as `invokeWithLayer`, whose parameter is a method that no check would see. */
export function carriesAnotherMethod(scope: TelegramScope): boolean {
  return /^raw:(invoke|initConnection$)/i.test(scope);
}
