import { type App, isAtRest } from "../app/index.ts";
import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { onceFree } from "./once-free.ts";
import { createPermissionPrompt } from "./permission-prompt.ts";
import { openProgram, type Program } from "./program.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";
import { watchStopSignals } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

/** `telegraphist run`: everything that the configuration names, until SIGINT or SIGTERM. */
export async function runCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal } = input;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  using stop = watchStopSignals({
    onForced: (reason) => terminal.err(`${terminal.style.red("error:")} Stopped without order as ${reason}`),
  });
  const { signal } = stop;
  const askPermission = isAsking(input) ? createPermissionPrompt({ configPath: path, signal }) : undefined;
  const { waitMs = read.config.storage.lease.waitMs } = waitOf(input);
  const onWait = ({ message }: Error) => terminal.err(`${terminal.style.yellow("waiting:")} ${message}`);
  let program: Program | null = null;
  let failure: unknown = null;
  try {
    program = await onceFree({ waitMs, signal, onWait }, () =>
      openProgram({ read, terminal, askPermission }),
    );
    const watch = input.flags.has("watch") ? { watch: true } : {};
    const awaitsLogin = input.flags.has("await-login");
    const lost = rejectedBy(program.app.lost);
    await Promise.race([program.app.start({ signal, waitMs, ...watch, awaitsLogin }), lost]);
    printReady(program.app, terminal);
    await Promise.race([stop.stopped, lost]);
    terminal.err("Stopping (Ctrl-C again to stop at once)");
    return exitCodes.ok;
  } catch (error) {
    // A start that was cut short by Ctrl-C is no failure.
    if (signal.aborted) return exitCodes.interrupted;
    failure = error;
    throw error;
  } finally {
    if (program !== null) await stopAfter(program, failure);
  }
}

/** Why the program ends goes before what went wrong when it was stopped. */
async function stopAfter(program: Program, failure: unknown): Promise<void> {
  try {
    await program.stop();
  } catch (error) {
    if (failure === null) throw error;
    program.logger.error("The program could not be stopped in order", { error });
  }
}

/** Rejects with the signal's reason. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  if (signal.aborted) reject(signal.reason);
  return promise;
}

/** Without a terminal nobody could answer. */
function isAsking({ flags, terminal }: CommandInput): boolean {
  if (!flags.has("prompt")) return false;
  if (terminal.isInteractive && process.stdin.isTTY) return true;
  terminal.err(
    `${terminal.style.yellow("warning:")} Option --prompt needs a terminal: what is open stays refused`,
  );
  return false;
}

/** @throws {UsageError} */
function waitOf({ values }: CommandInput): { readonly waitMs?: number } {
  const text = values.get("wait");
  if (text === undefined) return {};
  const seconds = Number(text);
  if (/^\d{1,4}$/.test(text) && seconds <= 3600) return { waitMs: seconds * 1000 };
  throw new UsageError(`Option --wait needs seconds from 0 to 3600: received ${JSON.stringify(text)}`);
}

/** What a person looks for once it runs; the token is shown to a terminal alone, never to a log file. */
function printReady(app: App, terminal: Terminal): void {
  const { style } = terminal;
  const plugins = app.host.list().filter((plugin) => plugin.state === "running").length;
  const accounts = [...app.accounts.values()];
  const resting = accounts.filter(({ state }) => isAtRest(state)).length;
  const ofAll = resting === 0 ? "" : `${accounts.length - resting} of `;
  terminal.err(
    `${style.green("ready")}: ${ofAll}${accounts.length} account(s), ${plugins} of ${app.host.list().length} plugin(s) running`,
  );
  if (app.admin === null) return;
  terminal.err(`  health  ${style.cyan(`${app.admin.url}/health`)}`);
  if (terminal.isInteractive)
    terminal.err(`  pages   ${style.cyan(`${app.admin.url}/?token=${app.admin.token}`)}`);
}
