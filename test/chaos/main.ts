import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos-run.ts";

const help = `bun run chaos [--messages N] [--minutes M] [--seed S] [--kills K] [--sandboxed] [--keep]

Runs the real program against an emulator of its own process, sends numbered messages over private chats, groups,
supergroups, and channels, and meanwhile kills the program and injects faults. The same seed disturbs at the same
messages. Prints one JSON object; exits 1 when anything was lost, out of order, unanswered, or answered twice.

  --messages N   how many are sent (default 1000)
  --minutes M    over how long (default 1)
  --seed S       of what happens when (default: a new one)
  --kills K      how often the program is killed (default: one in 50 messages, 10 at least)
  --sandboxed    the plugin in a process of its own, so that only kills from outside happen (default: inline, where
                 it also takes the program along in the middle of a handler)
  --keep         leave the folder with the database for a look`;

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000" },
    minutes: { type: "string", default: "1" },
    seed: { type: "string" },
    kills: { type: "string" },
    sandboxed: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(`${help}\n`);
  process.exit(0);
}
const messages = numberOf("messages", values.messages, 20);
const seed =
  values.seed === undefined
    ? crypto.getRandomValues(new Uint32Array(1))[0]
    : numberOf("seed", values.seed, 0);
const kills =
  values.kills === undefined ? Math.max(10, Math.round(messages / 50)) : numberOf("kills", values.kills, 0);
const folder = await mkdtemp(join(tmpdir(), "telegraphist-chaos-"));
try {
  const report = await runChaos({
    messages,
    seed: seed ?? 0,
    durationMs: numberOf("minutes", values.minutes, 0) * 60_000,
    kills,
    drops: kills,
    faults: kills * 2,
    folder,
    isSandboxed: values.sandboxed,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  const { lost, disordered, repliesTwice, unanswered } = report;
  process.exitCode = lost + disordered + repliesTwice + unanswered === 0 ? 0 : 1;
} finally {
  if (values.keep) process.stderr.write(`kept: ${folder}\n`);
  else await rm(folder, { recursive: true, force: true });
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  process.stderr.write(`Option --${name} must be a number from ${least}: received ${JSON.stringify(text)}\n`);
  process.exit(2);
}
