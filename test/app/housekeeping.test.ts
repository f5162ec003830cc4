import { expect, test } from "bun:test";
import { keepHouse } from "../../runtime/app/housekeeping.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";

test("keepHouse() forgets once an hour, also after a failure, until its signal is aborted", async () => {
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
  await clock.advance(3_600_000);
  await clock.advance(3_600_000);
  expect([rounds, lines.length]).toEqual([2, 1]);
  controller.abort();
  await kept;
});
