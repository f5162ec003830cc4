import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChaos } from "./chaos-run.ts";

test("runChaos() loses nothing, keeps the order, and sends once, whatever is killed or cut", async () => {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-chaos-"));
  try {
    const report = await runChaos({
      messages: 500,
      seed: 20_261_120,
      durationMs: 25_000,
      kills: 16,
      drops: 10,
      faults: 25,
      folder,
    });
    expect(report).toMatchObject({ sent: 500, delivered: 500, lost: 0, disordered: 0 });
    expect(report).toMatchObject({ repliesTwice: 0, unanswered: 0, deadLetters: 0, drops: 10, faults: 25 });
    // A kill may find the program not yet up again.
    expect(report.kills).toBeGreaterThanOrEqual(10);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
