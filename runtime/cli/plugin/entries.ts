import { dirname } from "node:path";
import { loadConfig } from "../../../config/index.ts";
import { createLogger } from "../../../telemetry/index.ts";
import { type DescriptionSite, type PluginReview, type ReadConfig, reviewPlugin } from "../../app/index.ts";
import { TelegraphistError } from "../../contract/index.ts";
import { type CommandInput, UsageError } from "../command.ts";
import { configPathOf, printProblems } from "../read-config.ts";

/** A configuration whose plugins were not asked, as one that is broken may be why somebody looks. */
export type Entries = ReadConfig & { readonly path: string };

/** An entry that cannot be looked at, and why. */
export interface BrokenEntry {
  readonly name: string;
  readonly problem: string;
}

/** @returns `null` when the configuration cannot be read, which was printed then */
export async function readEntries(input: CommandInput): Promise<Entries | null> {
  const { terminal } = input;
  const path = configPathOf(input);
  const read = await loadConfig({ path, env: terminal.env });
  if (read.ok) return { ...read, path, baseFolder: dirname(path) };
  await printProblems(path, read.problems, terminal);
  return null;
}

/** What plugins are looked at with. */
export function shellOf({ terminal }: CommandInput): Pick<DescriptionSite, "env" | "logger"> {
  return { env: terminal.env, logger: createLogger({ level: "error", write: terminal.err }) };
}

/**
 * The entries that a command is about: the one that it names, else all.
 *
 * @throws {UsageError} when there is none
 */
export function namesIn({ positionals }: CommandInput, { config, path }: Entries): readonly string[] {
  const [name] = positionals;
  const names = Object.keys(config.plugins);
  if (name === undefined && names.length === 0) throw new UsageError(`There are no plugins in ${path}`);
  return name === undefined ? names : [name];
}

/** Looks entries over; one that cannot be looked at stands with the reason. */
export function reviewsOf(
  names: readonly string[],
  read: Entries,
  input: CommandInput,
): Promise<readonly (PluginReview | BrokenEntry)[]> {
  const shell = shellOf(input);
  return Promise.all(
    names.map((name) =>
      reviewPlugin(read, name, shell).catch((error: unknown): BrokenEntry => {
        if (error instanceof TelegraphistError) return { name, problem: error.message };
        throw error;
      }),
    ),
  );
}
