import { expect, test } from "bun:test";
import { matchesFilter } from "../../runtime/bus/index.ts";
import {
  type MessageFilter,
  parseAccountName,
  parseChatId,
  parseEventId,
  parseUserId,
} from "../../runtime/contract/index.ts";
import { account, ada, received } from "../support/sample-events.ts";

const fits = (filter: MessageFilter, changes: Parameters<typeof received>[0] = {}): boolean =>
  matchesFilter(received(changes), filter) !== null;

test.each<[string, MessageFilter]>([
  ["account", { account: parseAccountName("me") }],
  ["chat kind", { chat: ["group", "private"] }],
  ["chat id", { chatId: parseChatId("42") }],
  ["direction", { direction: "incoming" }],
  ["sender class", { from: "contact" }],
  ["sender id", { senderId: parseUserId("42") }],
  ["mention", { mentioned: false }],
  ["text", { text: "HELL" }],
  ["pattern", { text: /^hel+o$/ }],
])("matchesFilter() lets a message through by %s", (_, filter) => {
  expect(fits(filter)).toBe(true);
});

test.each<[string, MessageFilter]>([
  ["account", { account: parseAccountName("other") }],
  ["chat kind", { chat: "group" }],
  ["chat id", { chatId: parseChatId("43") }],
  ["direction", { direction: "outgoing" }],
  ["sender class", { from: ["stranger", "bot", "chat"] }],
  ["sender id", { senderId: parseUserId("43") }],
  ["mention", { mentioned: true }],
  ["media", { media: "any" }],
  ["text", { text: "h.llo" }],
])("matchesFilter() holds a message back by %s", (_, filter) => {
  expect(fits(filter)).toBe(false);
});

test("matchesFilter() adds what the text matched", () => {
  const event = matchesFilter(received({ text: "say hi 7" }), { text: /(?<word>hi) (\d)(x)?/ });
  expect(event).toMatchObject({
    match: { text: "hi 7", index: 4, groups: ["hi", "7", null], named: { word: "hi" } },
  });
});

test("matchesFilter() matches the same with a global pattern asked twice", () => {
  const filter = { text: /hello/g };
  expect([fits(filter), fits(filter)]).toEqual([true, true]);
});

test("matchesFilter() leaves service messages out unless they are asked for", () => {
  const joined = { serviceAction: "messageActionChatAddUser" };
  expect([fits({}, joined), fits({ service: true }, joined)]).toEqual([false, true]);
});

test("matchesFilter() tells a bot in the contact list as both", () => {
  const sender = { type: "user", ...ada, isBot: true } as const;
  expect([
    fits({ from: "bot" }, { sender }),
    fits({ from: "contact" }, { sender }),
    fits({ from: "stranger" }, { sender }),
  ]).toEqual([true, true, false]);
});

test("matchesFilter() finds no chat in an event that names none", () => {
  const event = {
    type: "message.deleted",
    id: parseEventId("d"),
    account,
    atMs: 0,
    receivedAtMs: 0,
    chat: null,
    messageIds: [],
  } as const;
  expect(matchesFilter(event, { chat: "private" })).toBeNull();
  expect(matchesFilter(event, {})).toBe(event);
});

test.each(["[", "a".repeat(1_001)])("matchesFilter() refuses a pattern that cannot be used", (source) => {
  expect(() => matchesFilter(received(), { text: { source } })).toThrow(
    expect.objectContaining({ code: "FILTER_INVALID" }),
  );
});

test("matchesFilter() comes to an end with a pattern that goes back and forth without one", () => {
  const event = received({ text: `${"a".repeat(4_000)}b` });
  expect(matchesFilter(event, { text: { source: "(a+)+$" } })).toBeNull();
});
