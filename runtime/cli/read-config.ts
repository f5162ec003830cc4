import { resolve } from "node:path";
import { type ConfigProblem, formatProblems } from "../../config/index.ts";
import type { CommandInput } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export { readConfig } from "../app/index.ts";

/** The configuration file that the command line, the environment, or custom names. */
export function configPathOf({ values, positionals, terminal }: CommandInput, positional?: number): string {
  const named = values.get("config") ?? (positional === undefined ? undefined : positionals[positional]);
  return resolve(terminal.folder, named ?? terminal.env.TELEGRAPHIST_CONFIG ?? "telegraphist.yaml");
}

/** Prints problems as a compiler would, the source beside them. */
export async function printProblems(
  path: string,
  problems: readonly ConfigProblem[],
  terminal: Terminal,
): Promise<void> {
  const file = Bun.file(path);
  const sources = new Map((await file.exists()) ? [[path, await file.text()]] : []);
  const color = terminal.style.red("x") !== "x";
  terminal.err(formatProblems(problems, { sources, color }));
}
