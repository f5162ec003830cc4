import { describe, expect, test } from "bun:test";
import { parseMessageId } from "telegraphist";
import {
  afterPage,
  cursorSchema,
  freshCursor,
  resumed,
} from "../../../plugins/media-archiver/backfill-cursor.ts";

const id = (text: string) => parseMessageId(text);
const page = (ids: readonly string[], nextBeforeId: string | null, sentAtMs = 1000) => ({
  messages: ids.map((text) => ({ id: id(text), sentAtMs })),
  nextBeforeId: nextBeforeId === null ? null : id(nextBeforeId),
});

describe("afterPage()", () => {
  test("walks from the newest message to the end", () => {
    const first = afterPage(freshCursor, page(["30", "20"], "20"), 0);
    expect(first).toEqual({ newestId: id("30"), beforeId: id("20"), floorId: null, isDone: false });
    expect(afterPage(first, page(["10"], null), 0)).toEqual({
      newestId: id("30"),
      beforeId: null,
      floorId: null,
      isDone: true,
    });
  });

  test("is done with an empty chat at once", () => {
    expect(afterPage(freshCursor, page([], null), 0)).toEqual({ ...freshCursor, isDone: true });
  });

  test("ends where messages are older than wanted", () => {
    expect(afterPage(freshCursor, page(["30", "20"], "20", 999), 1000).isDone).toBe(true);
    expect(afterPage(freshCursor, page(["30", "20"], "20", 1000), 1000).isDone).toBe(false);
  });

  test("ends at what an earlier walk has seen", () => {
    const cursor = { ...freshCursor, floorId: id("25") };
    expect(afterPage(cursor, page(["40", "26"], "26"), 0).isDone).toBe(false);
    expect(afterPage(cursor, page(["40", "25"], "25"), 0).isDone).toBe(true);
    expect(afterPage(cursor, page(["40", "9"], "9"), 0).isDone).toBe(true);
  });
});

describe("resumed()", () => {
  test("goes on in a walk that was cut off", () => {
    const cursor = afterPage(freshCursor, page(["30", "20"], "20"), 0);
    expect(resumed(cursor)).toBe(cursor);
  });

  test("begins a new walk down to where the last one began", () => {
    const done = afterPage(freshCursor, page(["30"], null), 0);
    const again = resumed(done);
    expect(again).toEqual({ newestId: id("30"), beforeId: null, floorId: id("30"), isDone: false });
    expect(afterPage(again, page([], null), 0).newestId).toBe(id("30"));
  });
});

test("cursorSchema reads what was written", () => {
  const cursor = afterPage(freshCursor, page(["30", "20"], "20"), 0);
  expect(cursorSchema.parse(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor);
  expect(() => cursorSchema.parse({ ...cursor, beforeId: "x" })).toThrow();
});
