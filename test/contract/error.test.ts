import { expect, test } from "bun:test";
import { hasCode, TelegraphistError, toTelegraphistError } from "../../runtime/contract/index.ts";

const error = new TelegraphistError({
  code: "FLOOD_WAIT",
  category: "FLOOD_WAIT",
  message: "Cannot send: flood wait",
  retryable: true,
  data: { waitMs: 3_000 },
  cause: new Error("inner"),
});

test("TelegraphistError.toJSON() leaves the stack and the cause behind", () => {
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: "TelegraphistError",
    code: "FLOOD_WAIT",
    category: "FLOOD_WAIT",
    message: "Cannot send: flood wait",
    retryable: true,
    data: { waitMs: 3_000 },
  });
});

test("TelegraphistError is final and without data unless told otherwise", () => {
  const plain = new TelegraphistError({ code: "X", category: "INTERNAL", message: "Cannot go on" });
  expect(plain).toMatchObject({ retryable: false, data: {} });
  expect(plain.cause).toBeUndefined();
});

test("hasCode() knows a code on anything that carries one", () => {
  expect(hasCode(error, "OTHER", "FLOOD_WAIT")).toBe(true);
  expect(hasCode({ code: "FLOOD_WAIT" }, "FLOOD_WAIT")).toBe(true);
  expect(hasCode(error, "OTHER")).toBe(false);
  expect([null, "FLOOD_WAIT", { code: 7 }].some((value) => hasCode(value, "FLOOD_WAIT"))).toBe(false);
});

test("toTelegraphistError() keeps one that is one, and wraps the rest", () => {
  const fallback = { code: "FALLBACK", category: "INTERNAL", action: "Cannot go on" } as const;
  expect(toTelegraphistError(error, fallback)).toBe(error);
  const thrown = new Error("state");
  expect(toTelegraphistError(thrown, fallback)).toMatchObject({
    code: "FALLBACK",
    message: "Cannot go on: state",
    cause: thrown,
  });
  expect(toTelegraphistError("text", fallback)).toMatchObject({ message: "Cannot go on: text" });
});
