import { dirname, resolve } from "node:path";
import { type ConfigProblem, type ConfigResult, formatProblems, loadConfig } from "../../config/index.ts";
import { checkPlugins, type ReadConfig } from "../app/index.ts";
import type { CommandInput } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** The configuration file that the command line, the environment, or custom names. */
export function configPathOf({ values, positionals, terminal }: CommandInput, positional?: number): string {
  const named = values.get("config") ?? (positional === undefined ? undefined : positionals[positional]);
  return resolve(terminal.folder, named ?? terminal.env.TELEGRAPHIST_CONFIG ?? "telegraphist.yaml");
}

/** A configuration that is fit to run, or what stands against it. */
export type FitConfig =
  | ({ readonly ok: true } & ReadConfig)
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads a configuration and has every plugin look at its own part of it. */
export async function readConfig(path: string, env: Terminal["env"]): Promise<FitConfig> {
  const result: ConfigResult = await loadConfig({ path, env });
  if (!result.ok) return result;
  const { config, document } = result;
  const read: ReadConfig = { config, document, baseFolder: dirname(path) };
  const problems = await checkPlugins(read, env);
  return problems.length === 0 ? { ok: true, ...read } : { ok: false, problems };
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
