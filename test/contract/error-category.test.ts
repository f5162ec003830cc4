import { describe, expect, test } from "bun:test";
import { hasCategory, TelegraphistError, waitMsOf } from "telegraphist";

const flood = new TelegraphistError({
  code: "FLOOD_WAIT",
  category: "FLOOD_WAIT",
  message: "Cannot send: wait",
  data: { waitMs: 7000 },
});

describe.each([
  ["an error of this process", flood],
  ["the plain record of one", JSON.parse(JSON.stringify(flood))],
])("%s", (_what, error) => {
  test("is told by its category and names its wait", () => {
    expect(hasCategory(error, "NETWORK", "FLOOD_WAIT")).toBe(true);
    expect(hasCategory(error, "NETWORK")).toBe(false);
    expect(waitMsOf(error)).toBe(7000);
  });
});

test.each([
  [null],
  [undefined],
  ["FLOOD_WAIT"],
  [new Error("FLOOD_WAIT")],
  [{ data: null }],
  [{ data: { waitMs: "7" } }],
])("%p has no category and names no wait", (thrown) => {
  expect(hasCategory(thrown, "FLOOD_WAIT")).toBe(false);
  expect(waitMsOf(thrown)).toBeNull();
});
