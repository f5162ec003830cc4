import { expect, test } from "bun:test";
import { z } from "zod";
import { definePlugin, isFileMedia, parseMessageId, refOf } from "../../runtime/contract/index.ts";
import { adaChat, received } from "../support/sample-events.ts";

const definition = {
  name: "echo",
  version: "1.0.0",
  description: "Says it again",
  config: z.object({}),
  permissions: {},
  setup: () => undefined,
};

test("definePlugin() marks and freezes a definition", () => {
  const plugin = definePlugin(definition);
  expect(plugin).toMatchObject({ kind: "telegraphist.plugin", contractVersion: 1, name: "echo" });
  expect(Object.isFrozen(plugin)).toBe(true);
});

test.each([
  ["name", { name: "Echo" }],
  ["version", { version: "one" }],
  // What a plugin in plain JavaScript might hand over.
  ["setup", { setup: undefined as unknown as () => void }],
  ["config", { config: {} as unknown as typeof definition.config }],
])("definePlugin() names a wrong %s", (key, change) => {
  expect(() => definePlugin({ ...definition, ...change })).toThrow(
    expect.objectContaining({ code: "PLUGIN_INVALID", message: expect.stringContaining(`"${key}"`) }),
  );
});

test("refOf() takes the message's number of an event, and the id of a message", () => {
  const event = received({ messageId: parseMessageId("7") });
  expect(refOf(event)).toEqual({ chatId: adaChat.id, messageId: parseMessageId("7") });
  expect(refOf({ chat: adaChat, id: parseMessageId("8") }).messageId).toBe(parseMessageId("8"));
});

test("isFileMedia() is true of media with bytes", () => {
  expect(isFileMedia({ kind: "poll", question: "?", options: [] })).toBe(false);
  expect(isFileMedia(null)).toBe(false);
});
