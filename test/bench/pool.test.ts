import { expect, test } from "bun:test";
import { benchPool } from "./pool.ts";

test("bench pool brings every account online and back after an outage, and three in trouble disturb no other", async () => {
  const report = await benchPool({ accounts: 5, outageMs: 500, restMs: 0, idleMs: 100, messagesEach: 5 });
  expect(report).toMatchObject({
    bench: "pool",
    startMs: expect.any(Number),
    idleCpu: expect.any(Number),
    perAccount: { rssBytes: expect.any(Number), heapBytes: expect.any(Number) },
  });
  expect(report.storm.opened).toBeGreaterThanOrEqual(5);
  const delivery = { sent: 10, received: 10, lost: 0, repeated: 0, misordered: 0 };
  expect(report.trouble).toMatchObject({
    troubled: {
      loggedOut: { state: "logged-out" },
      flooded: { state: "online", isFlooded: true },
      // Nobody has told it yet.
      dead: { state: "online" },
    },
    others: 2,
    quiet: { delivery },
    trouble: { delivery },
    stateChangesOfOthers: 0,
  });
}, 60_000);
