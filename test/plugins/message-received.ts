import {
  type MessageReceived,
  type PrivateChat,
  parseAccountName,
  parseMessageId,
  parseUserId,
  type Sender,
} from "telegraphist";
import { ada, adaChat, received } from "../support/sample-events.ts";

type Person = Extract<Sender, { type: "user" }>;

/** A stranger who writes, with what a test changes. */
export function person(change: Partial<Person> = {}): Person {
  const name = { lastName: "Lovelace", displayName: "Ada Lovelace" };
  return { type: "user", ...ada, ...name, isContact: false, ...change };
}

/** The private chat with that person. */
export function privateChat(change: Partial<PrivateChat> = {}): PrivateChat {
  return { ...adaChat, title: "Ada Lovelace", isContact: false, ...change };
}

/** Message 100, from that person, with what a test changes; sent at 2026-03-02 12:00 UTC, a Monday. */
export function messageReceived(change: Partial<MessageReceived> = {}): MessageReceived {
  const sentAtMs = Date.parse("2026-03-02T12:00:00Z");
  return received({
    account: { name: parseAccountName("me"), userId: parseUserId("7") },
    messageId: parseMessageId("100"),
    chat: privateChat(),
    sender: person(),
    text: "Hello there",
    atMs: sentAtMs,
    receivedAtMs: sentAtMs,
    sentAtMs,
    ...change,
  });
}
