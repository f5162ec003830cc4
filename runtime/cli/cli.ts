import { nearest } from "../../config/index.ts";
import { version } from "../contract/index.ts";
import { readArguments, UsageError } from "./command.ts";
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
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const topic = commands.find((command) => command.name === rest[0]);
    terminal.out(
      topic === undefined
        ? overviewHelp(commands, version, terminal.style)
        : commandHelp(topic, terminal.style),
    );
    return exitCodes.ok;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(version);
    return exitCodes.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const meant = nearest(
      name,
      commands.map((candidate) => candidate.name),
    );
    const hint =
      meant === undefined ? `"telegraphist --help" lists them` : `did you mean "telegraphist ${meant}"`;
    terminal.err(`${terminal.style.red("error:")} Command ${JSON.stringify(name)} is unknown: ${hint}`);
    return exitCodes.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
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
