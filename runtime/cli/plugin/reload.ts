import type { CommandInput } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { askProgram } from "../running-program.ts";
import { readEntries } from "./entries.ts";

/** A plugin takes its time to start, and the old one to end. */
const timeoutMs = 600_000;

/** `telegraphist plugin reload`: has a plugin of the program that runs go on with its files as they are now. */
export async function reloadPluginCommand(input: CommandInput): Promise<ExitCode> {
  const { positionals, terminal } = input;
  const [name = ""] = positionals;
  const read = await readEntries(input);
  if (read === null) return exitCodes.failed;
  await askProgram(read, "POST", `/api/plugins/${encodeURIComponent(name)}/reload`, { timeoutMs });
  terminal.out(`${terminal.style.green("ok")} reloaded: ${name}`);
  return exitCodes.ok;
}
