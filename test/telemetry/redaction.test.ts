import { describe, expect, test } from "bun:test";
import { redactedFields, redactedText } from "../../telemetry/index.ts";

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 73 + 41) % 256));
const session = `1${Buffer.concat(Array.from({ length: 9 }, () => key))
  .subarray(0, 263)
  .toString("base64")}`;

describe("redactedText()", () => {
  test.each([
    ["a phone number", "call +7 999 123-45-67 now", "+7 999 123-45-67"],
    ["a phone number without a plus", "signed in as 79991234567", "79991234567"],
    ["a phone number at the end of a sentence", "It is 79991234567.", "79991234567"],
    ["a bearer token", "Authorization: Bearer abc.def-ghi", "abc.def-ghi"],
    ["a token in an address", "GET /traces?token=short&x=1", "short"],
    ["a key in hex", `key ${key.toString("hex")}`, key.toString("hex")],
    ["an api_hash", "hash 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
    ["a key in base64", `key ${key.toString("base64")}`, key.toString("base64")],
    ["a key in base64url", `key=${key.toString("base64url")}`, key.toString("base64url")],
    ["a GramJS session", `session ${session} ok`, session],
    [
      "a bot's token",
      "bot 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
      "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    ],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"],
  ])("masks %s", (_, text, secret) => {
    const masked = redactedText(text);
    expect(masked).not.toContain(secret);
    expect(masked).toContain("[redacted]");
  });

  test.each([
    'Cannot load plugin "echo" as "setup" must be a function: received undefined',
    "/home/someone/projects/telegraphist/archive/2026/holiday-pictures/photo-1.jpg",
    "waits 86400 s in chat -1001234567890",
    "took 1234.5678901234 ms at 2026-11-20T21:25:41.986Z",
    "plugin telegraphist-plugin-with-a-really-long-name-that-goes-on",
    "span 6365e0fbb8aebd17",
  ])("leaves %p as it is", (text) => {
    expect(redactedText(text)).toBe(text);
  });

  test("cuts a text that is too long for a log", () => {
    expect(redactedText("ab ".repeat(5000)).length).toBeLessThan(4100);
  });
});

describe("redactedFields()", () => {
  test("masks what stands under a telling name, at any depth", () => {
    const fields = {
      phone: "+1",
      apiHash: "h",
      api_hash: "h",
      password: "p",
      phoneCodeHash: "c",
      nested: [{ authKey: new Uint8Array(4), sessionString: "s" }],
    };
    expect(redactedFields(fields)).toEqual({
      phone: "[redacted]",
      apiHash: "[redacted]",
      api_hash: "[redacted]",
      password: "[redacted]",
      phoneCodeHash: "[redacted]",
      nested: [{ authKey: "[redacted]", sessionString: "[redacted]" }],
    });
  });

  test("masks what people wrote", () => {
    expect(redactedFields({ message: { text: "hello", caption: "c" } })).toEqual({
      message: { text: "[redacted]", caption: "[redacted]" },
    });
  });

  test("keeps ids, numbers, and codes", () => {
    const fields = {
      userId: "5123456789",
      trace_id: "0123456789abcdef0123456789abcdef",
      code: "FLOOD_WAIT",
      atMs: 1,
    };
    expect(redactedFields(fields)).toEqual(fields);
  });

  test("turns an error into its code, message, and causes", () => {
    const cause = Object.assign(new Error("refused for +79991234567"), { code: "ECONNREFUSED" });
    const error = Object.assign(new Error("Cannot connect", { cause }), { code: "NETWORK_DOWN" });
    expect(redactedFields({ error })).toEqual({
      error: {
        code: "NETWORK_DOWN",
        message: "Cannot connect",
        cause: { code: "ECONNREFUSED", message: "refused for [redacted]" },
      },
    });
  });

  test("keeps the stack of an error without a code", () => {
    expect(redactedFields({ error: new TypeError("x is not a function") })).toMatchObject({
      error: { code: "TypeError", stack: expect.stringContaining("redaction.test.ts") },
    });
  });

  test("ends on circles and on what is too wide", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(JSON.stringify(redactedFields(circle))).toContain("[too deep]");
    expect(redactedFields({ list: Array.from({ length: 500 }, () => 1) }).list).toHaveLength(101);
  });

  test("makes plain values of bytes, dates, maps, and big numbers", () => {
    expect(
      redactedFields({
        bytes: new Uint8Array(3),
        at: new Date(0),
        map: new Map([["a", 1n]]),
        set: new Set([1]),
      }),
    ).toEqual({ bytes: "[3 bytes]", at: "1970-01-01T00:00:00.000Z", map: { a: "1" }, set: [1] });
  });
});
