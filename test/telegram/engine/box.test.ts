import { describe, expect, test } from "bun:test";
import { Box, verdictOn } from "../../../runtime/telegram/engine/box.ts";

/** An item that takes the count from `end - count` to `end`, and is called by that. */
const item = (end: number, count = 1) => ({ end, count, item: `${end - count}-${end}` });
const takeAll = (box: Box<string>, ...items: ReturnType<typeof item>[]) =>
  items.flatMap((each) => box.take(each));

describe("verdictOn()", () => {
  test.each([
    [11, 1, "apply"],
    [13, 3, "apply"],
    [10, 0, "apply"],
    [10, 1, "drop"],
    [9, 0, "drop"],
    [12, 5, "drop"],
    [12, 1, "wait"],
    [11, 0, "wait"],
  ] as const)("at 10, says of an update to %i that counts %i: %s", (end, count, verdict) => {
    expect(verdictOn(10, { end, count })).toBe(verdict);
  });
});

describe("Box", () => {
  test.each([
    ["in order", [item(11), item(12)], ["10-11", "11-12"], 12, false],
    ["one twice", [item(11), item(11)], ["10-11"], 11, false],
    ["two the wrong way round", [item(12), item(11)], ["10-11", "11-12"], 12, false],
    ["three the wrong way round", [item(13), item(12), item(11)], ["10-11", "11-12", "12-13"], 13, false],
    ["early ones twice", [item(12), item(12), item(11)], ["10-11", "11-12"], 12, false],
    ["with one missing", [item(12), item(13)], [], 10, true],
    ["of several numbers", [item(15, 2), item(13, 3)], ["10-13", "13-15"], 15, false],
    ["that move nothing", [item(11), item(11, 0)], ["10-11", "11-11"], 11, false],
    [
      "early, and one behind that moves nothing",
      [item(12, 0), item(12), item(11)],
      ["10-11", "11-12", "12-12"],
      12,
      false,
    ],
  ] as const)("gives items %s", (_, items, applied, at, hasGap) => {
    const box = new Box<string>(10);
    expect(takeAll(box, ...items)).toEqual([...applied]);
    expect([box.at, box.hasGap]).toEqual([at, hasGap]);
  });

  test("takes the first item for right when it does not know where it stands", () => {
    const box = new Box<string>(null);
    expect(takeAll(box, item(42, 2), item(43))).toEqual(["40-42", "42-43"]);
  });

  test("keeps items back while a difference is on its way, and drops what it brought", () => {
    const box = new Box<string>(10);
    box.hold();
    expect(takeAll(box, item(11), item(12), item(13))).toEqual([]);
    expect(box.hasGap).toBe(false);
    box.jump(12);
    expect(box.release()).toEqual(["12-13"]);
    expect(box.at).toBe(13);
  });

  test("shows a gap that a difference left", () => {
    const box = new Box<string>(10);
    box.hold();
    box.take(item(20));
    box.jump(15);
    expect(box.release()).toEqual([]);
    expect(box.hasGap).toBe(true);
  });

  test("forgets what is early when there is too much, and asks for it", () => {
    const box = new Box<string>(10, 2);
    takeAll(box, item(13), item(14), item(15));
    expect(box.hasGap).toBe(true);
    expect(box.release()).toEqual([]);
    box.jump(15);
    expect(box.hasGap).toBe(false);
    expect(box.take(item(16))).toEqual(["15-16"]);
  });

  test("gives up what is missing", () => {
    const box = new Box<string>(10);
    takeAll(box, item(13), item(15));
    expect(box.skip()).toEqual(["12-13", "14-15"]);
    expect([box.at, box.hasGap]).toEqual([15, false]);
  });
});
