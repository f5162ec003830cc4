import { describe, expect, test } from "bun:test";
import { parseChatId } from "telegraphist";
import { renderAnswer } from "../../../plugins/autoresponder/answer-text.ts";
import { configSchema } from "../../../plugins/autoresponder/config.ts";
import { obstacleTo } from "../../../plugins/autoresponder/obstacle.ts";
import { isAway } from "../../../plugins/autoresponder/presence.ts";
import { typingMs } from "../../../plugins/autoresponder/typing-delay.ts";
import { messageReceived, person, privateChat } from "../message-received.ts";

const nowMs = Date.parse("2026-03-02T12:05:00Z");
const config = configSchema.parse({ rules: [{ answer: "x" }] });

describe("renderAnswer()", () => {
  test("fills in who wrote, where, when, and what the pattern found", () => {
    const answer =
      "{{sender.firstName}} {{sender.username}} in {{chat.title}}: {{match.1}} {{match.what}}, {{weekday}} {{date}} {{time}} for {{account.name}}";
    const match = /order (\d+) (?<what>\w+)/.exec("order 17 tea");
    expect(renderAnswer(answer, messageReceived(), match, { nowMs, timeZone: "Asia/Tokyo" })).toBe(
      "Ada ada in Ada Lovelace: 17 tea, mon 2026-03-02 21:05 for me",
    );
  });

  test("does not read what a person is called as a template", () => {
    const event = messageReceived({ sender: person({ firstName: "{{account.name}}" }) });
    expect(renderAnswer("{{sender.firstName}}", event, null, { nowMs })).toBe("{{account.name}}");
  });

  test("is blank when its only variable is, unless it has a fallback", () => {
    const event = messageReceived({ sender: person({ lastName: "" }) });
    expect(renderAnswer("{{sender.lastName}}", event, null, { nowMs })).toBe("");
    expect(renderAnswer("{{sender.lastName|friend}}", event, null, { nowMs })).toBe("friend");
  });

  test("is cut to what Telegram takes, with no half character at the end", () => {
    const event = messageReceived({ sender: person({ firstName: "😀".repeat(40) }) });
    const text = renderAnswer(`${"x".repeat(4095)}{{sender.firstName}}`, event, null, { nowMs });
    expect(text).toHaveLength(4096);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe("obstacleTo()", () => {
  const group = { id: parseChatId("-5"), kind: "group", title: "G", username: null, memberCount: 3 } as const;
  const channel = { ...group, id: parseChatId("-1000000000005"), kind: "channel" } as const;

  test("lets a person's private message through", () => {
    expect(obstacleTo(messageReceived(), config, nowMs)).toBeNull();
  });

  test.each([
    ["service message", messageReceived({ serviceAction: "messageActionPinMessage" })],
    ["channel post", messageReceived({ chat: channel })],
    ["channel post", messageReceived({ isPost: true })],
    ["from Telegram", messageReceived({ chat: privateChat({ id: parseChatId("777000") }) })],
    ["not from a person", messageReceived({ sender: person({ isDeleted: true }) })],
    [
      "not from a person",
      messageReceived({ sender: { type: "chat", id: group.id, displayName: "G", username: null } }),
    ],
    ["from oneself", messageReceived({ sender: person({ isSelf: true }) })],
    ["from a bot", messageReceived({ sender: person({ isBot: true }) })],
    ["from a bot", messageReceived({ chat: privateChat({ isBot: true }) })],
    ["sent through a bot", messageReceived({ viaBotId: person().id })],
    ["group not addressed to the owner", messageReceived({ chat: group })],
  ] as const)("is %p", (expected, event) => {
    expect(obstacleTo(event, config, nowMs)).toBe(expected);
  });

  test("answers groups when mentioned, always, or never, as told", () => {
    const mentioned = messageReceived({ chat: group, isMentioned: true });
    expect(obstacleTo(mentioned, config, nowMs)).toBeNull();
    expect(obstacleTo(mentioned, { ...config, groups: "never" }, nowMs)).not.toBeNull();
    expect(obstacleTo(messageReceived({ chat: group }), { ...config, groups: "always" }, nowMs)).toBeNull();
  });

  test("leaves old messages and closed hours alone", () => {
    expect(obstacleTo(messageReceived(), config, nowMs + 56 * 60_000)).toBe("too old");
    const closed = { ...config, hours: [{ timeZone: "UTC", from: "00:00", to: "12:00" }] };
    expect(obstacleTo(messageReceived(), closed, nowMs)).toBe("outside hours");
  });
});

describe("isAway()", () => {
  const never = { lastWroteAtMs: null, status: null };

  test("always holds without a condition", () => {
    expect(
      isAway({ lastWroteAtMs: nowMs, status: { state: "online", untilMs: nowMs + 1 } }, undefined, nowMs),
    ).toBe(true);
  });

  test("holds once the owner has been quiet long enough", () => {
    const away = { quietMinutes: 10, offline: false };
    expect(isAway(never, away, nowMs)).toBe(true);
    expect(isAway({ ...never, lastWroteAtMs: nowMs - 599_999 }, away, nowMs)).toBe(false);
    expect(isAway({ ...never, lastWroteAtMs: nowMs - 600_000 }, away, nowMs)).toBe(true);
  });

  test("holds while the owner is not online", () => {
    const away = { offline: true };
    expect(isAway({ ...never, status: { state: "online", untilMs: nowMs + 1 } }, away, nowMs)).toBe(false);
    expect(isAway({ ...never, status: { state: "online", untilMs: nowMs } }, away, nowMs)).toBe(true);
    expect(isAway({ ...never, status: { state: "recently" } }, away, nowMs)).toBe(true);
  });
});

test("typingMs() grows with the text up to its bound, and is nothing when turned off", () => {
  const typing = { enabled: true, charactersPerSecond: 20, maxSeconds: 8 };
  expect(typingMs("x".repeat(40), typing)).toBe(2000);
  expect(typingMs("x".repeat(4000), typing)).toBe(8000);
  expect(typingMs("hello", { ...typing, enabled: false })).toBe(0);
});
