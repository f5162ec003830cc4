import { describe, expect, test } from "bun:test";
import { type MessageReceived, parseChatId, parseUserId } from "telegraphist";
import { configSchema } from "../../../plugins/autoresponder/config.ts";
import { compileRules, firstMatch } from "../../../plugins/autoresponder/rule-match.ts";
import { messageReceived, person, privateChat } from "../message-received.ts";

const noon = Date.parse("2026-03-02T12:00:00Z");

function labelOf(rules: unknown, event: MessageReceived, nowMs = noon): string | null {
  const config = configSchema.parse({ rules });
  return firstMatch(compileRules(config), event, nowMs)?.rule.label ?? null;
}

const fits = (when: unknown, event: MessageReceived) => labelOf([{ when, answer: "x" }], event) !== null;

describe("firstMatch()", () => {
  test("takes the first rule that fits, by its name or place", () => {
    const rules = [
      { when: { keywords: ["price"] }, answer: "a" },
      { name: "greeting", when: { keywords: ["hello"] }, answer: "b" },
      { answer: "c" },
    ];
    expect(labelOf(rules, messageReceived({ text: "Hello, what PRICE?" }))).toBe("rule 1");
    expect(labelOf(rules, messageReceived({ text: "hello" }))).toBe("greeting");
    expect(labelOf(rules, messageReceived({ text: "" }))).toBe("rule 3");
  });

  test.each([
    ["help", "HELP me", true],
    ["help", "helpless", false],
    ["help", "(help)", true],
    ["помощь", "Мне нужна ПОМОЩЬ!", true],
    ["мощь", "помощь", false],
    ["c++", "I write C++.", true],
    ["out of office", "out  of\noffice?", true],
    ["a.b", "axb", false],
  ])("finds the keyword %p in %p: %p", (keyword, text, expected) => {
    expect(fits({ keywords: [keyword] }, messageReceived({ text }))).toBe(expected);
  });

  test("asks for keyword and pattern when both are given", () => {
    const when = { keywords: ["order"], pattern: "\\d{4}" };
    expect(fits(when, messageReceived({ text: "order 1234" }))).toBe(true);
    expect(fits(when, messageReceived({ text: "order" }))).toBe(false);
    expect(fits(when, messageReceived({ text: "1234" }))).toBe(false);
  });

  test("tells contacts from strangers", () => {
    const contact = messageReceived({ sender: person({ isContact: true }) });
    expect(fits({ from: "contact" }, contact)).toBe(true);
    expect(fits({ from: "stranger" }, contact)).toBe(false);
    expect(fits({ from: "stranger" }, messageReceived())).toBe(true);
    expect(fits({ from: "contact" }, messageReceived())).toBe(false);
  });

  test("knows people and chats by id and by name", () => {
    expect(fits({ people: ["@ADA"] }, messageReceived())).toBe(true);
    expect(fits({ people: ["42"] }, messageReceived())).toBe(true);
    expect(fits({ people: ["43", "@bob"] }, messageReceived())).toBe(false);
    expect(fits({ people: ["@ada"] }, messageReceived({ sender: person({ username: null }) }))).toBe(false);
    const chat = privateChat({ id: parseChatId("9"), username: null });
    expect(fits({ chats: ["9"] }, messageReceived({ chat, sender: person({ id: parseUserId("9") }) }))).toBe(
      true,
    );
    expect(fits({ chats: ["9"] }, messageReceived())).toBe(false);
  });

  test("looks at the kind of chat and at the rule's hours", () => {
    expect(fits({ chatKinds: ["group"] }, messageReceived())).toBe(false);
    expect(fits({ chatKinds: ["group", "private"] }, messageReceived())).toBe(true);
    const rules = [{ hours: [{ timeZone: "UTC", from: "18:00", to: "08:00" }], answer: "night" }];
    expect(labelOf(rules, messageReceived())).toBeNull();
    expect(labelOf(rules, messageReceived(), Date.parse("2026-03-02T23:00:00Z"))).toBe("rule 1");
  });
});
