import { expect, test } from "bun:test";
import { ProgressMeter } from "../../../runtime/telegram/transfer/progress-meter.ts";

test("ProgressMeter reports at most every 100 ms, and at the end", () => {
  let nowMs = 0;
  const seen: number[] = [];
  const meter = new ProgressMeter(
    100,
    ({ transferredBytes }) => seen.push(transferredBytes),
    () => nowMs,
  );
  for (nowMs = 0; nowMs < 250; nowMs += 50) meter.add(10);
  meter.add(50);
  expect(seen).toEqual([10, 30, 50, 100]);
  expect(meter.transferredBytes).toBe(100);
});
