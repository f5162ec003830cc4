import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Receipts } from "./counting/tally.ts";

const lookEveryMs = 10;
const deadlineMs = 120_000;

/** What the counting plugin saw in its own process, round by round, and the time that the program took for it. */
export class GuestReceipts {
  readonly #folder: string;
  #round = 0;
  #cpu = process.cpuUsage();

  /** @param folder in which the plugin works */
  constructor(folder: string) {
    this.#folder = folder;
  }

  expect(): void {
    this.#cpu = process.cpuUsage();
  }

  /** Processor time is that of both processes. */
  async settled(): Promise<Receipts> {
    const path = join(this.#folder, `${this.#round}.json`);
    this.#round++;
    const startedAtMs = performance.now();
    while (!existsSync(path)) {
      if (performance.now() - startedAtMs > deadlineMs)
        throw new Error("The plugin did not have every message");
      await Bun.sleep(lookEveryMs);
    }
    const { user, system } = process.cpuUsage(this.#cpu);
    // The plugin's own file; see `counting/index.ts`.
    const receipts = JSON.parse(await readFile(path, "utf8")) as Receipts;
    return { ...receipts, cpuMs: receipts.cpuMs + (user + system) / 1_000 };
  }
}
