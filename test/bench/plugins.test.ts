import { expect, test } from "bun:test";
import { join } from "node:path";
import type { PluginsReport } from "./plugins.ts";

const all = { sent: 300, received: 300, lost: 0, repeated: 0, misordered: 0 };

test("bench plugins counts every message of both sides, and tells figures as JSON", async () => {
  const options = ["--messages=100", "--rounds=1", "--latency=50", "--starts=1", "--json"];
  const bench = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), "plugins", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await bench.stdout.text();
  expect(await bench.exited).toBe(0);
  // The expectations below hold its shape.
  const report = JSON.parse(output) as PluginsReport;
  expect(report.delivery).toEqual({ sandboxed: all, inline: all });
  const spread = { min: expect.any(Number), median: expect.any(Number), max: expect.any(Number) };
  const comparison = { sides: { sandboxed: spread, inline: spread }, sandboxedToInline: spread };
  expect(report).toMatchObject({
    bench: "plugins",
    machine: { bun: Bun.version, cores: expect.any(Number) },
    updatesPerSecond: comparison,
    cpuMicrosecondsPerUpdate: comparison,
    inspectMs: spread,
    startMs: { sandboxed: spread, inline: spread },
    reloadMs: { sandboxed: spread, inline: spread },
    programBytes: { sandboxed: { reloaded: expect.any(Number) }, inline: { reloaded: expect.any(Number) } },
    memory: { rssBytes: expect.any(Number) },
  });
}, 60_000);
