import {
  type MessageReceived,
  type PrivateChat,
  parseAccountName,
  parseChatId,
  parseEventId,
  parseMessageId,
  parseUserId,
  type User,
} from "../../runtime/contract/index.ts";

export const account = { name: parseAccountName("me"), userId: parseUserId("1") };

export const ada: User = {
  id: parseUserId("42"),
  firstName: "Ada",
  lastName: "",
  displayName: "Ada",
  username: "ada",
  isBot: false,
  isContact: true,
  isMutualContact: false,
  isSelf: false,
  isDeleted: false,
  isPremium: false,
  isScam: false,
  languageCode: null,
};

export const adaChat: PrivateChat = {
  id: parseChatId("42"),
  kind: "private",
  title: "Ada",
  username: "ada",
  isSelf: false,
  isBot: false,
  isContact: true,
};

let count = 0;

/** A message from Ada, or what is given instead. */
export function received(changes: Partial<MessageReceived> = {}): MessageReceived {
  count++;
  return {
    type: "message.received",
    id: parseEventId(`e${count}`),
    account,
    atMs: 1_000,
    receivedAtMs: 1_001,
    messageId: parseMessageId(String(count)),
    chat: adaChat,
    sender: { type: "user", ...ada },
    direction: "incoming",
    text: "hello",
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
    sentAtMs: 1_000,
    editedAtMs: null,
    serviceAction: null,
    ...changes,
  };
}

/** The same private chat with another person's id. */
export function chatWith(id: string): PrivateChat {
  return { ...adaChat, id: parseChatId(id) };
}
