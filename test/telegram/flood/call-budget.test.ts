import { describe, expect, test } from "bun:test";
import { CallBudget } from "../../../runtime/telegram/flood/call-budget.ts";

/** The times at which the next calls go when each goes as early as it may. */
function times(budget: CallBudget, count: number, startMs: number): readonly number[] {
  let nowMs = startMs;
  return Array.from({ length: count }, () => {
    nowMs = Math.max(nowMs, budget.readyAtMs(nowMs));
    budget.take(nowMs);
    return nowMs;
  });
}

describe("CallBudget", () => {
  test("lets a burst go at once, and then one each interval", () => {
    const budget = new CallBudget({ burst: 3, intervalMs: 100 });
    expect(times(budget, 6, 1_000)).toEqual([1_000, 1_000, 1_000, 1_100, 1_200, 1_300]);
  });

  test("saves up to a burst while it rests, and no more", () => {
    const budget = new CallBudget({ burst: 2, intervalMs: 100 });
    times(budget, 2, 1_000);
    expect(times(budget, 3, 60_000)).toEqual([60_000, 60_000, 60_100]);
  });

  test("is slower after a flood wait, begins without a burst, and forgets it in time", () => {
    const budget = new CallBudget({ burst: 3, intervalMs: 100 });
    budget.slow(1_000, 5_000);
    expect(budget.readyAtMs(5_000)).toBe(5_000);
    expect(times(budget, 3, 5_000)).toEqual([5_000, 5_150, 5_300]);
    expect(budget.intervalMs(304_999)).toBe(150);
    expect(budget.intervalMs(305_000)).toBe(100);
  });

  test("slows to a fifth of its pace at most, and takes back one step after another", () => {
    const budget = new CallBudget({ burst: 1, intervalMs: 16 });
    for (let flood = 0; flood < 10; flood += 1) budget.slow(1_000, 1_000);
    expect(budget.intervalMs(1_000)).toBe(81);
    expect(budget.intervalMs(301_000)).toBe(54);
    expect(budget.intervalMs(1_201_000)).toBe(16);
  });

  test("does not wait for longer than it takes to fill when the clock is set back", () => {
    const budget = new CallBudget({ burst: 2, intervalMs: 100 });
    times(budget, 2, 3_600_000);
    expect(budget.readyAtMs(1_000)).toBe(1_100);
  });
});
