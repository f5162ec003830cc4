import { expect, test } from "bun:test";
import { keepHouse } from "../../runtime/app/housekeeping.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";

test("keepHouse() forgets a minute after the start and then once an hour, also after a failure, until it is ended", async () => {
  const clock = createHandClock();
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line) });
  const controller = new AbortController();
  let rounds = 0;
  const prune = async () => {
    rounds++;
    if (rounds === 1) throw new Error("locked");
  };
  const kept = keepHouse([{ prune }], { clock, logger, signal: controller.signal });
  const roundsAfter = async (durationMs: number) => {
    await clock.advance(durationMs);
    return rounds;
  };
  expect(await roundsAfter(59_999)).toBe(0);
  expect(await roundsAfter(1)).toBe(1);
  expect(await roundsAfter(3_599_999)).toBe(1);
  expect(await roundsAfter(1)).toBe(2);
  expect(await roundsAfter(3_600_000)).toBe(3);
  expect(lines).toHaveLength(1);
  controller.abort();
  await kept;
  expect(await roundsAfter(3_600_000)).toBe(3);
});
