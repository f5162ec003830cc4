import { setTimeout as sleep } from "node:timers/promises";
import type { ReadConfig } from "../app/index.ts";
import { hasCode } from "../contract/index.ts";
import { askProgram } from "./running-program.ts";

/** A program that runs looks for new sessions once a second. */
const patienceMs = 5_000;
const lookEveryMs = 200;

/**
 * What to tell a person whose account has a session now: who runs it. A program that runs under the configuration takes
 * it up, which is waited for.
 */
export async function takenUp(read: ReadConfig, account: string): Promise<string> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const report = await reportOf(read, account);
    if (report === null) return "A program that runs takes it up by itself; start one with: telegraphist run";
    if (!isAtRest(report)) return "The program that runs uses it from now on";
    if (performance.now() >= untilMs) return "The program that runs could not start it: its log says why";
    await sleep(lookEveryMs);
  }
}

interface Report {
  readonly name: string;
  readonly state: string;
  readonly retryAtMs: number | null;
}

/** What it was before, or what it has come to: until the time is over, nobody can tell. */
function isAtRest({ state, retryAtMs }: Report): boolean {
  return ["new", "stopped", "logged-out"].includes(state) || (state === "offline" && retryAtMs === null);
}

/** The account in the program that runs; `null` when none answers. */
async function reportOf(read: ReadConfig, account: string): Promise<Report | null> {
  try {
    // The program of the same version answers; its API is checked against this shape.
    const { accounts } = (await askProgram(read, "GET", "/api/accounts")) as {
      readonly accounts: readonly Report[];
    };
    return accounts.find(({ name }) => name === account) ?? null;
  } catch (error) {
    // Another program than this configuration's may have the port.
    if (hasCode(error, "CLI_NOT_RUNNING", "ADMIN_UNAUTHORIZED")) return null;
    throw error;
  }
}
