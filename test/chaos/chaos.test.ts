import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChaosOptions, type ChaosReport, runChaos } from "./chaos-run.ts";

async function chaos(options: Omit<ChaosOptions, "folder">): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-chaos-"));
  try {
    return await runChaos({ ...options, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nothingLost = { lost: 0, disordered: 0, repliesTwice: 0, unanswered: 0, deadLetters: 0 };

test("runChaos() loses nothing, keeps the order, and sends once, whatever is killed or cut", async () => {
  const disturbances = { kills: 16, drops: 10, faults: 25 };
  const report = await chaos({
    ...{ messages: 500, seed: 20_261_120, durationMs: 25_000, isSandboxed: false },
    ...disturbances,
  });
  expect(report).toMatchObject({ ...nothingLost, sent: 500, delivered: 500, drops: 10, faults: 25 });
  // A kill may find the program not yet up again.
  expect(report.kills).toBeGreaterThanOrEqual(10);
}, 180_000);

test("runChaos() keeps the same of a plugin in a process of its own", async () => {
  const report = await chaos({
    ...{ messages: 150, seed: 5, durationMs: 10_000, isSandboxed: true },
    ...{ kills: 6, drops: 4, faults: 8 },
  });
  expect(report).toMatchObject({ ...nothingLost, sent: 150, delivered: 150 });
  expect(report.kills).toBeGreaterThanOrEqual(2);
}, 180_000);
