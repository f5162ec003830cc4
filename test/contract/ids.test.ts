import { describe, expect, test } from "bun:test";
import {
  chatIdOf,
  parseAccountName,
  parseChatId,
  parseEventId,
  parseMessageId,
  parsePluginName,
  parseUserId,
  peerKeyOf,
  privateChatIdOf,
} from "../../runtime/contract/index.ts";

const invalid = expect.objectContaining({ code: "CONTRACT_INVALID_ID" });

describe("parsers", () => {
  test.each(["me", "a-b_2", "0"])("take the name %s", (name) => {
    expect([String(parseAccountName(name)), String(parsePluginName(name))]).toEqual([name, name]);
  });

  test.each(["", "Me", "-a", "a b", "a".repeat(65)])("refuse the name %p", (name) => {
    expect(() => parseAccountName(name)).toThrow(invalid);
    expect(() => parsePluginName(name)).toThrow(invalid);
  });

  test.each(["", "0", "-1", "01", "1.5", "1e3", " 1", "12345678901234567890"])(
    "refuse the number %p",
    (text) => {
      expect(() => parseUserId(text)).toThrow(invalid);
      expect(() => parseMessageId(text)).toThrow(invalid);
    },
  );

  test("take marked chat ids and refuse the rest", () => {
    expect(String(parseChatId("-1001"))).toBe("-1001");
    expect(() => parseChatId("--1")).toThrow(invalid);
    expect(() => parseChatId("@name")).toThrow(invalid);
  });

  test("bound the length of event ids", () => {
    expect(() => parseEventId("")).toThrow(invalid);
    expect(() => parseEventId("x".repeat(201))).toThrow(invalid);
  });
});

test.each([
  ["user", "42", "42"],
  ["group", "42", "-42"],
  ["channel", "42", "-1000000000042"],
] as const)("chatIdOf() and peerKeyOf() are each other's reverse for a %s", (kind, bareId, marked) => {
  const chatId = chatIdOf({ kind, bareId });
  expect(String(chatId)).toBe(marked);
  expect(peerKeyOf(chatId)).toEqual({ kind, bareId });
});

test("privateChatIdOf() is the person's id", () => {
  expect(String(privateChatIdOf(parseUserId("42")))).toBe("42");
});
