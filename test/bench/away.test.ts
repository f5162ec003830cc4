import { expect, test } from "bun:test";
import { benchAway } from "./away.ts";

test("bench away counts every message that came while the program was stopped", async () => {
  const report = await benchAway({ messages: 600, chats: 6, channels: 2, seed: 1 });
  expect(report).toMatchObject({
    bench: "away",
    seconds: expect.any(Number),
    cpuSeconds: expect.any(Number),
    peakRssBytes: expect.any(Number),
    delivery: { sent: 600, received: 600, lost: 0, repeated: 0, misordered: 0 },
  });
}, 60_000);
