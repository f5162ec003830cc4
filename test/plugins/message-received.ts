import {
  type MessageReceived,
  type PrivateChat,
  parseAccountName,
  parseChatId,
  parseEventId,
  parseMessageId,
  parseUserId,
  type Sender,
} from "telegraphist";

/** A person who writes, with what a test changes. */
export function person(
  change: Partial<Extract<Sender, { type: "user" }>> = {},
): Extract<Sender, { type: "user" }> {
  return {
    type: "user",
    id: parseUserId("42"),
    firstName: "Ada",
    lastName: "Lovelace",
    displayName: "Ada Lovelace",
    username: "ada",
    isBot: false,
    isContact: false,
    isMutualContact: false,
    isSelf: false,
    isDeleted: false,
    isPremium: false,
    isScam: false,
    languageCode: null,
    ...change,
  };
}

/** The private chat with that person. */
export function privateChat(change: Partial<PrivateChat> = {}): PrivateChat {
  return {
    id: parseChatId("42"),
    kind: "private",
    title: "Ada Lovelace",
    username: "ada",
    isSelf: false,
    isBot: false,
    isContact: false,
    ...change,
  };
}

/** A message that came in, with what a test changes; sent at 2026-03-02 12:00 UTC, a Monday. */
export function messageReceived(change: Partial<MessageReceived> = {}): MessageReceived {
  const sentAtMs = Date.parse("2026-03-02T12:00:00Z");
  return {
    type: "message.received",
    id: parseEventId("event-1"),
    account: { name: parseAccountName("me"), userId: parseUserId("7") },
    atMs: sentAtMs,
    receivedAtMs: sentAtMs,
    messageId: parseMessageId("100"),
    chat: privateChat(),
    sender: person(),
    direction: "incoming",
    text: "Hello there",
    entities: [],
    media: null,
    replyTo: null,
    forward: null,
    albumId: null,
    isMentioned: false,
    isSilent: false,
    isPost: false,
    viaBotId: null,
    reactions: [],
    sentAtMs,
    editedAtMs: null,
    serviceAction: null,
    ...change,
  };
}
