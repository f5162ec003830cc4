import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type CommandInput, UsageError } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { openProgram, type Program } from "../program.ts";
import { printProblems, readConfig } from "../read-config.ts";
import { watchStopSignals } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";
import { type Cast, createCast } from "./cast.ts";
import type { DemoReport } from "./demo-report.ts";
import { Narrator } from "./narrator.ts";
import { playStory } from "./play-story.ts";
import { sizeText } from "./size-text.ts";

const configPath = resolve(import.meta.dir, "../../../config/demo.yaml");
const defaultAdminPort = 7330;

/** `telegraphist demo`: the main job on a Telegram inside this process. */
export async function demoCommand({ flags, values, terminal }: CommandInput): Promise<ExitCode> {
  const startedAtMs = performance.now();
  using stop = watchStopSignals({ onForced: (reason) => terminal.err(`Stopped without order as ${reason}`) });
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-demo-"));
  try {
    await using emulator = await startEmulator();
    const cast = createCast(emulator);
    const env = { ...terminal.env, ...variablesFor(emulator, folder, await adminPort(values.get("port"))) };
    const read = await readConfig(configPath, env);
    if (!read.ok) {
      await printProblems(configPath, read.problems, terminal);
      return exitCodes.failed;
    }
    const narrator = new Narrator(terminal);
    const logPath = join(folder, "log.jsonl");
    const writeLog = (line: string) => appendFileSync(logPath, line);
    // What the program keeps beside its configuration goes with the demo.
    const program = await openProgram({
      read: { ...read, baseFolder: folder },
      terminal: { ...terminal, env },
      writeLog,
    });
    try {
      narrator.chapter("A Telegram starts in this process, and Olivia's account logs in");
      await logIn(program, emulator, cast);
      narrator.line("Olivia", "logged in by phone, code, and password");
      const report = await playStory({
        program,
        emulator,
        cast,
        folder,
        narrator,
        startedAtMs,
        signal: stop.signal,
      });
      printOutcome(report, terminal);
      if (!flags.has("once") && !stop.signal.aborted) {
        printAddresses(program, emulator, folder, terminal);
        await stop.stopped;
      }
      if (flags.has("json")) terminal.out(JSON.stringify(report));
      return report.ok ? exitCodes.ok : exitCodes.failed;
    } finally {
      await program.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What config/demo.yaml asks for. */
function variablesFor(emulator: Emulator, folder: string, port: number): Record<string, string> {
  const [first, second] = emulator.server.dataCentres;
  return {
    DEMO_DC1_PORT: String(first?.port),
    DEMO_DC2_PORT: String(second?.port),
    DEMO_PUBLIC_KEY: emulator.server.publicKeys[0] ?? "",
    DEMO_FOLDER: folder,
    DEMO_ADMIN_PORT: String(port),
  };
}

async function logIn({ app }: Program, { world }: Emulator, cast: Cast): Promise<void> {
  await app.login("olivia", {
    phone: async () => cast.ownerPhone,
    code: async () => world.loginCode(cast.ownerPhone) ?? "",
    password: async () => cast.ownerPassword,
  });
}

function printOutcome(report: DemoReport, { out, style }: Terminal): void {
  const row = (name: string, value: string) => out(`  ${name.padEnd(20)} ${style.bold(value)}`);
  out(`\n${report.ok ? style.green("The story came out") : style.red("The story did not come out")}`);
  row("updates", String(report.updates));
  row("answers sent", String(report.replies));
  row("people invited", `${report.invited}, and ${report.linksSent} by link`);
  row("files archived", `${report.archivedFiles}, ${sizeText(report.archivedBytes)}`);
  row("spans", String(report.spans));
  row("updates lost", String(report.lostUpdates));
  row("time", `${(report.durationMs / 1000).toFixed(1)} s`);
}

function printAddresses(
  { app }: Program,
  emulator: Emulator,
  folder: string,
  { out, style }: Terminal,
): void {
  const row = (name: string, value: string) => out(`  ${name.padEnd(20)} ${style.cyan(value)}`);
  out(`\n${style.bold("It goes on until Ctrl-C. Look around:")}`);
  if (app.admin !== null) {
    const { url, token } = app.admin;
    row("health", `${url}/health`);
    row("API documentation", `${url}/docs?token=${token}`);
    row("traces", `${url}/traces?token=${token}`);
  }
  row("the emulator's API", emulator.controlUrl);
  row("archive and log", folder);
}

/** The port that was asked for, else the usual one, else any that is free. */
async function adminPort(text: string | undefined): Promise<number> {
  if (text === undefined) return (await isFree(defaultAdminPort)) ? defaultAdminPort : 0;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`Option --port must be a port from 0 to 65535: received ${JSON.stringify(text)}`);
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve: settle } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once("error", () => settle(false));
  probe.listen(port, "127.0.0.1", () => probe.close(() => settle(true)));
  return promise;
}
