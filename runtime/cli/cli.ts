import { nearest } from "../../config/index.ts";
import { version } from "../contract/index.ts";
import { type Command, readArguments, UsageError } from "./command.ts";
import { commands } from "./commands.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { failureText } from "./failure.ts";
import { commandHelp, overviewHelp } from "./help.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs one command line and says how it ended. Nothing is thrown: what fails is printed to standard error with what to
 * do about it.
 *
 * @param args what stands behind the program's name
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const topic = findCommand(args.slice(1));
    terminal.out(
      "command" in topic
        ? commandHelp(topic.command, terminal.style)
        : overviewHelp(commands, version, terminal.style),
    );
    return exitCodes.ok;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(version);
    return exitCodes.ok;
  }
  const found = findCommand(args);
  if ("unknown" in found) {
    const { unknown, known } = found;
    const meant = nearest(unknown, known);
    const hint =
      meant === undefined ? `"telegraphist --help" lists them` : `did you mean "telegraphist ${meant}"`;
    terminal.err(`${terminal.style.red("error:")} Command ${JSON.stringify(unknown)} is unknown: ${hint}`);
    return exitCodes.usage;
  }
  const { command, rest } = found;
  if (command.actions !== undefined || rest.includes("--help") || rest.includes("-h")) {
    terminal.out(commandHelp(command, terminal.style));
    return exitCodes.ok;
  }
  try {
    return await command.run(readArguments(command, rest, terminal));
  } catch (error) {
    // A command that a signal cut short has nothing to explain.
    if (error instanceof DOMException && error.name === "AbortError") return exitCodes.interrupted;
    terminal.err(failureText(error, terminal));
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

type FoundCommand =
  | { readonly command: Command; readonly rest: readonly string[] }
  | { readonly unknown: string; readonly known: readonly string[] };

/** The command that a command line names, with what stands behind its name. */
function findCommand([name = "", ...rest]: readonly string[]): FoundCommand {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return { unknown: name, known: commands.map((candidate) => candidate.name) };
  const [action, ...behind] = rest;
  if (command.actions === undefined || action === undefined || action.startsWith("-"))
    return { command, rest };
  const full = `${name} ${action}`;
  const found = command.actions.find((candidate) => candidate.name === full);
  if (found !== undefined) return { command: found, rest: behind };
  return { unknown: full, known: command.actions.map((candidate) => candidate.name) };
}
