import { parseArgs } from "node:util";
import { nearest } from "../../config/index.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface OptionDefinition {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What stands for the value in the help, such as `FILE`. */
  readonly value?: string;
  readonly about: string;
}

export interface PositionalDefinition {
  readonly name: string;
  readonly about: string;
  readonly isRequired: boolean;
}

/** What the command line gave a command; checked against its definition. */
export interface CommandInput {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for the command's own help. */
  readonly about?: string;
  readonly options: Readonly<Record<string, OptionDefinition>>;
  readonly positionals: readonly PositionalDefinition[];
  readonly examples?: readonly string[];
  /** Commands that stand behind this one's name, each named with it: `plugin new`. It does nothing by itself then. */
  readonly actions?: readonly Command[];
  run(input: CommandInput): Promise<ExitCode>;
}

/** A command line that cannot be read; its message says what to type. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A negative number, as half of Telegram's numbers of sessions are; no option is named by a digit. */
const negativeNumber = /^-\d+$/;

/**
 * Reads a command's arguments strictly.
 *
 * @throws {UsageError} when an option is unknown, lacks its value, or a positional is missing or too many
 */
export function readArguments(command: Command, args: readonly string[], terminal: Terminal): CommandInput {
  const options = { ...command.options, help: { type: "boolean", short: "h" } as const };
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const positionals: string[] = [];
  let numberAt = -1;
  for (const token of tokens) {
    const arg = args[token.index] ?? "";
    if (token.kind === "option" && negativeNumber.test(arg)) {
      // Each of its digits is a token.
      if (token.index !== numberAt) positionals.push(arg);
      numberAt = token.index;
      continue;
    }
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = command.options[token.name];
    if (option === undefined) throw unknownOption(command, token.rawName);
    if (option.type === "boolean") {
      if (token.value !== undefined) throw new UsageError(`Option ${token.rawName} takes no value`);
      flags.add(token.name);
    } else {
      if (token.value === undefined || token.value === "") {
        throw new UsageError(
          `Option ${token.rawName} needs a value: ${token.rawName} ${option.value ?? "VALUE"}`,
        );
      }
      values.set(token.name, token.value);
    }
  }
  const missing = command.positionals.slice(positionals.length).find((positional) => positional.isRequired);
  if (missing !== undefined) {
    throw new UsageError(`Argument ${missing.name} is missing: telegraphist ${command.name} ${missing.name}`);
  }
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) throw new UsageError(`Argument ${JSON.stringify(extra)} is one too many`);
  return { flags, values, positionals, terminal };
}

function unknownOption(command: Command, rawName: string): UsageError {
  const known = [...Object.keys(command.options), "help"].map((name) => `--${name}`);
  const meant = nearest(rawName, known);
  return new UsageError(
    `Option ${rawName} is unknown to "telegraphist ${command.name}"${meant === undefined ? "" : `: did you mean ${meant}`}`,
  );
}
