import { describe, expect, test } from "bun:test";
import { CallLine } from "../../../runtime/telegram/flood/call-line.ts";

describe("CallLine", () => {
  test("puts a person first, an archive last, and keeps the order within", () => {
    const line = new CallLine<string>(10);
    line.add("archive", "background", 0);
    line.add("plain", "normal", 0);
    line.add("first answer", "interactive", 10);
    line.add("second answer", "interactive", 10);
    expect(line.calls).toEqual(["first answer", "second answer", "plain", "archive"]);
  });

  test("lets nothing overtake what has waited for long", () => {
    const line = new CallLine<string>(10);
    line.add("archive", "background", 0);
    line.add("late answer", "interactive", 20_001);
    line.add("answer", "interactive", 19_999);
    expect(line.calls).toEqual(["answer", "archive", "late answer"]);
  });

  test("counts who goes before a call", () => {
    const line = new CallLine<string>(10);
    line.add("archive", "background", 0);
    line.add("answer", "interactive", 0);
    expect(line.ahead("interactive", 1)).toBe(1);
    expect(line.ahead("background", 1)).toBe(2);
  });

  test("sends the last away when it is full, be it the new one", () => {
    const line = new CallLine<string>(2);
    expect(line.add("archive", "background", 0)).toBeNull();
    expect(line.add("plain", "normal", 0)).toBeNull();
    expect(line.add("answer", "interactive", 1)).toBe("archive");
    expect(line.add("another archive", "background", 1)).toBe("another archive");
    expect(line.calls).toEqual(["answer", "plain"]);
  });

  test("lets one leave", () => {
    const line = new CallLine<string>(2);
    line.add("a", "normal", 0);
    expect(line.remove("a")).toBe(true);
    expect(line.remove("a")).toBe(false);
    expect(line.size).toBe(0);
  });
});
