import { describe, expect, test } from "bun:test";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import {
  errorFromRecord,
  errorRecordOf,
  isPlainJson,
  readMessage,
  readTelegramParameters,
} from "../../runtime/wire/index.ts";

describe("readMessage()", () => {
  test("takes a message of each type", () => {
    const call = { type: "call", id: 1, method: "ping", params: [], within: 3 } as const;
    expect(readMessage(call)).toEqual({ ...call, progress: false });
    expect(readMessage({ type: "answer", id: 2, value: 7, more: 1 })).toEqual({
      type: "answer",
      id: 2,
      value: 7,
    });
    expect(readMessage({ type: "tell", topic: "log" })).toMatchObject({ topic: "log" });
  });

  test.each([
    [null],
    [[]],
    ["call"],
    [{}],
    [{ type: "call", id: 1, method: "ping" }],
    [{ type: "call", id: 1, method: ["ping"], params: [] }],
    [{ type: "call", id: 1, method: "ping", params: {}, within: 1 }],
    [{ type: "call", id: 1, method: "ping", params: [], within: "1" }],
    [{ type: "answer", id: 0 }],
    [{ type: "answer", id: 1.5 }],
    [{ type: "cancel", id: "1" }],
    [{ type: "tell", topic: 1 }],
    [{ type: "constructor", id: 1 }],
    [JSON.parse('{ "type": "cancel", "id": 1, "__proto__": { "id": 2 } }')],
  ])("refuses %j", (json) => {
    expect(() => readMessage(json)).toThrow(expect.objectContaining({ code: "WIRE_MALFORMED" }));
  });
});

describe("errorFromRecord()", () => {
  test("gives the error that was told", () => {
    const error = new TelegraphistError({
      code: "FLOOD_WAIT",
      category: "FLOOD_WAIT",
      message: "Cannot send: wait",
      retryable: true,
      data: { waitMs: 5, names: ["a"] },
    });
    expect(errorFromRecord(errorRecordOf(error, "Cannot")).toJSON()).toEqual(error.toJSON());
  });

  test("leaves out what has not the form of it", () => {
    const told = {
      code: "no code!",
      category: "MINE",
      message: 7,
      retryable: 1,
      data: { a: {}, b: 2, c: [1] },
    };
    expect(errorFromRecord(told).toJSON()).toEqual({
      name: "TelegraphistError",
      code: "WIRE_CALL_FAILED",
      category: "PLUGIN",
      message: "Cannot tell what failed",
      retryable: false,
      data: { b: 2 },
    });
    expect(errorFromRecord(undefined)).toBeInstanceOf(TelegraphistError);
  });
});

describe("isPlainJson()", () => {
  test("refuses a depth that would run out of stack, and a key that means a prototype", () => {
    expect(isPlainJson({ a: [1, null, { b: "c" }] })).toBeTrue();
    expect(isPlainJson(JSON.parse("[".repeat(100) + "]".repeat(100)))).toBeFalse();
    expect(isPlainJson(JSON.parse('{ "a": { "__proto__": {} } }'))).toBeFalse();
  });
});

describe("readTelegramParameters()", () => {
  test("hands on what belongs to the form, and nothing else", () => {
    const options = { silent: true, signal: {}, timeoutMs: 5, replyTo: null };
    expect(
      readTelegramParameters("reply", [{ chatId: "1", messageId: "2", text: "x" }, "Hello", options]),
    ).toEqual([{ chatId: "1", messageId: "2" }, "Hello", { silent: true, timeoutMs: 5 }]);
    expect(readTelegramParameters("react", [{ chatId: "1", messageId: "2" }, null])).toEqual([
      { chatId: "1", messageId: "2" },
      null,
      undefined,
    ]);
  });

  test.each([
    ["send", [["-1001"], "text"]],
    ["send", ["-1001", { text: ["a"] }]],
    ["send", ["-1001", { text: "a", entities: [1] }]],
    ["reply", ["-1001", "text"]],
    ["delete", ["-1001", "12"]],
    ["answerJoinRequest", ["1", "2", "yes"]],
    ["upload", ["1", { kind: "photo" }]],
    ["invoke", ["messages.getStickers", []]],
    ["me", ["options"]],
  ] as const)("refuses %s with %j", (method, params) => {
    expect(() => readTelegramParameters(method, params)).toThrow(
      expect.objectContaining({ code: "CALL_INVALID" }),
    );
  });
});
