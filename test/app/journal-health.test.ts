import { describe, expect, test } from "bun:test";
import { type JournalStock, journalHealth } from "../../runtime/app/journal-health.ts";
import { parsePluginName } from "../../runtime/contract/index.ts";

const plugin = parsePluginName("echo");
const limits = { unhandledEvents: 100, oldestUnhandledMs: 600_000, deadLetters: 2 };
const nowMs = 1_000_000;

function problemOf(unhandled: number, oldestAtMs: number | null, deadLetters = 0): string | null {
  const stock: JournalStock = { backlogs: [{ plugin, unhandled, oldestAtMs }], deadLetters };
  return journalHealth(stock, nowMs, limits).problem;
}

describe("journalHealth()", () => {
  test("is well up to the limits", () => {
    expect(problemOf(0, null)).toBeNull();
    expect(problemOf(100, nowMs - 600_000, 2)).toBeNull();
  });

  test("says plainly what is beyond a limit", () => {
    expect(problemOf(1, nowMs - 720_000)).toBe(
      'Plugin "echo" has not handled an event that came 12 minutes ago',
    );
    expect(problemOf(101, nowMs)).toBe('Plugin "echo" has 101 events to handle');
    expect(problemOf(0, null, 3)).toBe("3 events were put aside as dead letters");
  });

  test("tells ages, and none below zero when the clock was set back", () => {
    const backlogs = [{ plugin, unhandled: 1, oldestAtMs: nowMs + 5 }];
    expect(journalHealth({ backlogs, deadLetters: 0 }, nowMs, limits).plugins).toEqual([
      { plugin, unhandled: 1, oldestAgeMs: 0 },
    ]);
  });
});
