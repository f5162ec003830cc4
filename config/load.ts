import { dirname, resolve } from "node:path";
import { type ConfigDocument, parseYaml } from "./document.ts";
import { type Environment, fillIn } from "./environment.ts";
import { plainValue, readText } from "./load-yaml.ts";
import type { ConfigProblem } from "./problem.ts";
import { referenceProblems } from "./references.ts";
import { configSchema, type TelegraphistConfig } from "./schema.ts";
import { schemaProblems } from "./schema-problems.ts";
import { withoutSecrets } from "./secrets.ts";

export interface LoadOptions {
  /** The YAML file. */
  readonly path: string;
  /** Where `${NAME}` is looked up. */
  readonly env: Environment;
}

/** A configuration that can be used as it is, or everything that is wrong with it. */
export type ConfigResult =
  | { readonly ok: true; readonly config: TelegraphistConfig; readonly document: ConfigDocument }
  | {
      readonly ok: false;
      /** By line; at least one. */
      readonly problems: readonly ConfigProblem[];
      /** Texts by file name, for `formatProblems`. */
      readonly sources: ReadonlyMap<string, string>;
    };

/**
 * Reads and checks a configuration file. Paths under `storage` and `admin` come out absolute, taken from the file's
 * folder. Never throws for what stands in the file or its place.
 */
export async function loadConfig({ path, env }: LoadOptions): Promise<ConfigResult> {
  const file = await readText(path, "copy config/telegraphist.example.yaml to begin with");
  if ("problem" in file) return { ok: false, problems: [file.problem], sources: new Map() };
  return checkText(path, file.text, env);
}

/** Checks a configuration that was read already; `path` names it and gives the folder of its relative paths. */
export function checkText(path: string, text: string, env: Environment): ConfigResult {
  const document = parseYaml(path, text);
  const refuse = (problems: readonly ConfigProblem[]): ConfigResult => ({
    ok: false,
    problems: problems.map(masked).toSorted((a, b) => a.line - b.line || a.column - b.column),
    sources: new Map([[path, text]]),
  });

  // What follows would be guesses: a mistake in the YAML may have shifted what belongs to what.
  if (document.problems.length > 0) return refuse(document.problems);
  const problems = [...fillIn(document, env)];

  const read = plainValue(document);
  if (!read.ok) return refuse([...problems, read.problem]);
  const parsed = configSchema.safeParse(withoutEmptyEntries(read.value));
  if (!parsed.success) {
    const told = new Set(problems.map((problem) => problem.path));
    problems.push(...schemaProblems(document, parsed.error).filter((problem) => !told.has(problem.path)));
    return refuse(problems);
  }
  problems.push(...referenceProblems(document, parsed.data));
  if (problems.length > 0) return refuse(problems);
  return { ok: true, config: withAbsolutePaths(parsed.data, dirname(resolve(path))), document };
}

/** A mistake may make a key of what should have been a value. */
function masked(problem: ConfigProblem): ConfigProblem {
  const { message, path } = problem;
  return { ...problem, message: withoutSecrets(message), path: withoutSecrets(path) };
}

/** `accounts: { me: }` names an account that is all defaults; YAML reads the nothing as null. */
function withoutEmptyEntries(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const filled = { ...value };
  for (const key of ["accounts", "plugins"]) {
    const entries = filled[key];
    if (!isRecord(entries)) continue;
    filled[key] = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry ?? {}]));
  }
  return filled;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withAbsolutePaths(config: TelegraphistConfig, folder: string): TelegraphistConfig {
  const { storage, admin } = config;
  return {
    ...config,
    storage: {
      ...storage,
      path: storage.path === ":memory:" ? storage.path : resolve(folder, storage.path),
      keyFile: resolve(folder, storage.keyFile),
    },
    admin: { ...admin, tokenFile: resolve(folder, admin.tokenFile) },
  };
}
