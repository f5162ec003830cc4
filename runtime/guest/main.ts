import { Guest } from "./guest.ts";
import { turnOutputIntoLines } from "./own-output.ts";

/** Exit codes of a plugin's process (sysexits.h): an error that nobody caught. */
const softwareError = 70;

const guest = new Guest(Bun.stdin.stream(), Bun.stdout.writer());
turnOutputIntoLines(guest.lines, { console, stdout: process.stdout, stderr: process.stderr });
globalThis.fetch = guest.fetch;

async function end(thrown: unknown): Promise<never> {
  await guest.tellUncaught(thrown);
  process.exit(softwareError);
}

process.on("uncaughtException", (error) => void end(error));
process.on("unhandledRejection", (reason) => void end(reason));

await guest.ended;
process.exit(0);
