import { expect, test } from "bun:test";
import { benchPool } from "./pool.ts";

test("bench pool brings every account online, and back after an outage", async () => {
  const report = await benchPool({ accounts: 3, outageMs: 500, restMs: 0, idleMs: 100 });
  expect(report).toMatchObject({
    bench: "pool",
    startMs: expect.any(Number),
    idleCpu: expect.any(Number),
    perAccount: { rssBytes: expect.any(Number), heapBytes: expect.any(Number) },
  });
  expect(report.storm.opened).toBeGreaterThanOrEqual(3);
}, 60_000);
