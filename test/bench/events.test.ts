import { expect, test } from "bun:test";
import { join } from "node:path";
import type { EventsReport } from "./events.ts";

const all = { sent: 400, received: 400, lost: 0, repeated: 0, misordered: 0 };

test("bench events counts every message of all sides, and tells figures as JSON", async () => {
  const bench = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, "main.ts"),
      "events",
      "--messages=100",
      "--rounds=1",
      "--latency=100",
      "--json",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const output = await bench.stdout.text();
  expect(await bench.exited).toBe(0);
  // The expectations below hold its shape.
  const report = JSON.parse(output) as EventsReport;
  expect(report.delivery.journal).toEqual(all);
  expect(report.delivery.straight).toEqual(all);
  // Npm `telegram` loses none here either; if it does one day, that is a finding and no failure of ours.
  expect(report.delivery.gramjs.sent).toBe(all.sent);
  const spread = { min: expect.any(Number), median: expect.any(Number), max: expect.any(Number) };
  const comparison = {
    sides: { journal: spread, straight: spread, gramjs: spread },
    journalToStraight: spread,
    journalToGramjs: spread,
    straightToGramjs: spread,
  };
  const percentiles = {
    p50: expect.any(Number),
    p95: expect.any(Number),
    p99: expect.any(Number),
    max: expect.any(Number),
  };
  expect(report).toMatchObject({
    bench: "events",
    machine: { bun: Bun.version, cores: expect.any(Number) },
    updatesPerSecond: comparison,
    cpuMicrosecondsPerUpdate: comparison,
    latency: { perSecond: 200, sides: { journal: percentiles, straight: percentiles, gramjs: percentiles } },
  });
}, 60_000);

test("bench without a known name lists what there is", async () => {
  const bench = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), "unknown"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(await bench.stdout.text()).toContain("events   updates from the socket");
});
