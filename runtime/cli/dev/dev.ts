import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { formatProblems, loadYaml } from "../../../config/index.ts";
import { type FileWatch, watchFiles } from "../../app/index.ts";
import { TelegraphistError } from "../../contract/index.ts";
import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type Entries, readEntries } from "../plugin/entries.ts";
import { requireThere } from "../plugin/plugin-folder.ts";
import { type StopSignal, watchStopSignals } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";
import { AccountRun } from "./account-run.ts";
import { DevNarrator } from "./dev-narrator.ts";
import type { DevTarget } from "./dev-target.ts";
import { openRehearsal } from "./rehearsal.ts";
import { readLine } from "./said-line.ts";

/** `telegraphist dev PATH`: a plugin that starts anew whenever its files change, and people to write to it. */
export async function devCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, positionals } = input;
  const [path = "."] = positionals;
  const full = resolve(terminal.folder, path);
  await requireThere(full);
  using stop = watchStopSignals({ onForced: (reason) => terminal.err(`Stopped without order as ${reason}`) });
  const target = await targetFor(full, input, stop);
  if (target === null) return exitCodes.failed;
  try {
    using files = watchFiles(full);
    await target.start();
    terminal.out(terminal.style.dim(helpText));
    await follow(target, files, terminal, stop);
    return exitCodes.ok;
  } catch (error) {
    if (stop.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    await target[Symbol.asyncDispose]();
  }
}

const helpText = `  ada: Hi                 Ada, a contact, writes to you; bob is a stranger
  ada in club: Hi         in the group; news is your channel
  me to ada: Hi           you write by hand
  reload, help, quit      a change of a file reloads too`;

/** @returns `null` when the configuration cannot be read */
async function targetFor(
  path: string,
  input: CommandInput,
  { signal }: Pick<StopSignal, "signal">,
): Promise<DevTarget | null> {
  const { terminal, values } = input;
  const narrator = new DevNarrator(terminal);
  if (!values.has("config")) {
    const settings = values.get("settings");
    return openRehearsal({
      ...{ path, terminal, narrator },
      settings: async () =>
        settings === undefined ? undefined : settingsIn(resolve(terminal.folder, settings)),
    });
  }
  const read = await readEntries(input);
  return read === null
    ? null
    : AccountRun.open({ read: onlyEntryOf(path, read), terminal, narrator, signal });
}

async function settingsIn(path: string): Promise<unknown> {
  const read = await loadYaml(path);
  if (read.ok) return read.value;
  throw new TelegraphistError({
    code: "CLI_SETTINGS_UNREADABLE",
    category: "CONFIG",
    message: `Cannot read the plugin's settings: ${formatProblems(read.problems, { sources: new Map() })}`,
  });
}

/** The configuration with the plugin of that path alone, as the others may answer too. */
function onlyEntryOf(path: string, read: Entries): Entries {
  const { plugins } = read.config;
  const found = Object.entries(plugins).find(
    ([name, { use = name }]) => resolve(read.baseFolder, use) === path,
  );
  if (found === undefined) {
    throw new TelegraphistError({
      code: "CLI_PLUGIN_NOT_FOUND",
      category: "NOT_FOUND",
      message: `Cannot find ${path} in ${read.path}: telegraphist plugin add puts it there`,
    });
  }
  const [name, entry] = found;
  return { ...read, config: { ...read.config, plugins: { [name]: { ...entry, enabled: true } } } };
}

/**
 * Does what is typed, and starts anew what was changed, one after another. Resolves when that is done, after the input has
 * ended or the signal was aborted.
 */
async function follow(
  target: DevTarget,
  files: FileWatch,
  terminal: Terminal,
  { signal, stopped }: StopSignal,
): Promise<void> {
  let lastTurn: Promise<void> = Promise.resolve();
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    lastTurn = lastTurn.then(run);
    return lastTurn;
  };
  const reload = () => {
    terminal.out(terminal.style.dim("reload"));
    return target.start();
  };
  const watching = (async () => {
    for (;;) {
      await files.changed();
      if (signal.aborted) return;
      await inTurn(reload);
    }
  })();
  const lines = createInterface({ input: process.stdin });
  const typing = (async () => {
    for await (const text of lines) {
      const line = readLine(text);
      if (line.kind === "quit") return;
      if (line.kind === "help") terminal.out(terminal.style.dim(helpText));
      if (line.kind === "unclear") terminal.err(`That is unclear: type ${terminal.style.cyan("help")}`);
      if (line.kind === "reload") await inTurn(reload);
      if (line.kind === "say") await inTurn(() => target.say(line));
    }
    if (!signal.aborted) await inTurn(() => target.quiet());
  })();
  try {
    await Promise.race([watching, typing, stopped]);
    await lastTurn;
  } finally {
    lines.close();
    // Whoever types has not ended the input: the program would wait for more.
    process.stdin.destroy();
  }
}
