import { dirname } from "node:path";
import { type ConfigProblem, loadConfig } from "../../config/index.ts";
import { checkPlugins } from "./check-plugins.ts";
import type { ReadConfig } from "./read-config.ts";

/** A configuration that is fit to run, or what stands against it. */
export type FitConfig =
  | ({ readonly ok: true } & ReadConfig)
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads a configuration and has every plugin look at its own part of it. */
export async function readConfig(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FitConfig> {
  const result = await loadConfig({ path, env });
  if (!result.ok) return result;
  const { config, document } = result;
  const read: ReadConfig = { config, document, baseFolder: dirname(path) };
  const problems = await checkPlugins(read, env);
  return problems.length === 0 ? { ok: true, ...read } : { ok: false, problems };
}
