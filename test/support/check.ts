/**
 * The whole gate behind `bun run check`: format, lint, types, every test; in CI a browser for these before. Each step runs
 * even when one before it failed, so that one run shows all there is to mend. Exits 1 when any failed.
 */
import { join } from "node:path";
import { chromiumInstallation } from "./chromium.ts";

const root = join(import.meta.dir, "..", "..");

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const browser = chromiumInstallation();
const steps: readonly Step[] = [
  ...(browser === null ? [] : [{ name: "a browser for the page tests", command: browser }]),
  {
    name: "format and lint",
    command: [process.execPath, "x", "--no-install", "biome", "ci", "--error-on-warnings", "."],
  },
  { name: "types", command: [process.execPath, "node_modules/typescript/bin/tsc", "--noEmit"] },
  {
    name: "tests",
    command: [process.execPath, "test", "--parallel=2", "--only-failures", "--timeout=30000"],
  },
];

let isGreen = true;
let summary = "0 passed, 1 failed";

for (const { name, command } of steps) {
  const startedAt = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const { exitCode, output } = await run(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `== ${name}: ${exitCode === 0 ? "ok" : `failed (exit ${exitCode})`} in ${seconds} s\n`,
  );
  if (exitCode !== 0) isGreen = false;
  if (name === "tests") summary = summaryOf(output);
}

process.stdout.write(`\n${summary}\n`);
process.exit(isGreen ? 0 : 1);

/** Runs a command, showing what it prints while it prints it. */
async function run(command: readonly string[]): Promise<{ exitCode: number; output: string }> {
  const child = Bun.spawn([...command], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const parts: string[] = [];
  await Promise.all([show(child.stdout, parts), show(child.stderr, parts)]);
  return { exitCode: await child.exited, output: parts.join("") };
}

async function show(stream: ReadableStream<Uint8Array>, parts: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    parts.push(text);
    process.stdout.write(text);
  }
}

/** The test runner's closing counts as one plain line. */
function summaryOf(output: string): string {
  const count = (word: string) => Number(output.match(new RegExp(`^\\s*(\\d+) ${word}$`, "m"))?.[1] ?? 0);
  const passed = count("pass");
  // An error between two tests is no test's failure, and fails the run all the same.
  const faults = count("fail") + count("errors?");
  const failed = passed === 0 ? Math.max(1, faults) : faults;
  const skipped = count("skip");
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
