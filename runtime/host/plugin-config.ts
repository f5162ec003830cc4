import type { Plugin } from "../contract/index.ts";

export interface PluginConfigIssue {
  /** Keys from the entry's `config:` down. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type PluginConfigCheck =
  | { readonly ok: true; readonly config: unknown }
  | { readonly ok: false; readonly issues: readonly PluginConfigIssue[] };

/** Checks an entry's `config:` by the plugin's own schema; a missing one is checked as `{}`. */
export async function checkPluginConfig(plugin: Plugin, config: unknown): Promise<PluginConfigCheck> {
  const result = await plugin.config["~standard"].validate(config ?? {});
  if (result.issues === undefined) return { ok: true, config: result.value };
  const issues = result.issues.map(({ path = [], message }) => ({ path: path.map(keyOf), message }));
  return { ok: false, issues };
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === "object" ? segment.key : segment;
  return typeof key === "number" ? key : String(key);
}
