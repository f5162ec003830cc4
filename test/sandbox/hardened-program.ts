import { hardenProcess } from "../../runtime/sandbox/index.ts";

/** Hardens itself unless it is told not to, says what came of it, and waits for its end. */
const secret = new Uint8Array(64).fill(7);
const hardening = process.argv[2] === "open" ? null : hardenProcess([secret]);
process.stdout.write(JSON.stringify({ pid: process.pid, hardening }));
setInterval(() => secret.at(0), 1_000);
