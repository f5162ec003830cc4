const looks = /\.(get|search|check|resolve)(?=[A-Z]|$)/;
/** Pressing a button is no looking, whatever the method is called. */
const looksOnlyByName: ReadonlySet<string> = new Set(["messages.getBotCallbackAnswer"]);
/** What an account needs to be there at all. */
const upkeep = /^(auth|help|langpack|updates|upload)\./;

/** Methods that reach people who did not ask for it, or bring the account where it was not. */
const unsolicited: ReadonlySet<string> = new Set([
  "channels.inviteToChannel",
  "messages.addChatUser",
  "messages.createChat",
  "messages.importChatInvite",
  "channels.joinChannel",
  "contacts.addContact",
  "contacts.importContacts",
]);

/** Whether a method only looks, so that calling it twice is calling it once. */
export function isLook(method: string): boolean {
  return looks.test(method) && !method.startsWith("auth.") && !looksOnlyByName.has(method);
}

/** Whether a method changes something that others can see. */
export function isWrite(method: string): boolean {
  return !isLook(method) && !upkeep.test(method);
}

export function isUnsolicited(method: string): boolean {
  return unsolicited.has(method);
}

/** Whether a method puts something into a chat. */
export function isMessage(method: string): boolean {
  return /^messages\.(send|forward)/.test(method);
}
