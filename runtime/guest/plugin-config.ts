import { type Plugin, type PluginName, TelegraphistError } from "../contract/index.ts";
import { isRecord } from "../wire/index.ts";
import { keysAt } from "./settings-keys.ts";

export interface PluginConfigIssue {
  /** Keys from the entry's `config:` down. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Set when the path's last key is one that the schema does not know: those that it knows there, if it tells. */
  readonly knownKeys?: readonly string[];
}

export type PluginConfigCheck =
  | { readonly ok: true; readonly config: unknown }
  | { readonly ok: false; readonly issues: readonly PluginConfigIssue[] };

type SchemaIssue = NonNullable<
  Awaited<ReturnType<Plugin["config"]["~standard"]["validate"]>>["issues"]
>[number];

/** Checks an entry's `config:` by the plugin's own schema; a missing one is checked as `{}`. */
export async function checkPluginConfig(plugin: Plugin, config: unknown): Promise<PluginConfigCheck> {
  const result = await plugin.config["~standard"].validate(config ?? {});
  if (result.issues === undefined) return { ok: true, config: result.value };
  return { ok: false, issues: result.issues.flatMap((issue) => issuesOf(plugin, issue)) };
}

/** The issues that a plugin's process told; what has not their form is left out. */
export function readConfigIssues(told: unknown): readonly PluginConfigIssue[] {
  if (!Array.isArray(told)) return [];
  return told.filter(isRecord).flatMap(({ path, message, knownKeys }) => {
    if (typeof message !== "string" || !Array.isArray(path)) return [];
    const keys = path.filter((key) => typeof key === "string" || typeof key === "number");
    const known = Array.isArray(knownKeys) ? { knownKeys: knownKeys.map(String) } : {};
    return [{ path: keys, message, ...known }];
  });
}

/** The error of a configuration that the plugin's schema refuses, with the paths of the YAML file. */
export function configError(plugin: PluginName, issues: readonly PluginConfigIssue[]): TelegraphistError {
  const texts = issues.map(
    ({ path, message }) => `${["plugins", plugin, "config", ...path].join(".")}: ${message}`,
  );
  return new TelegraphistError({
    code: "PLUGIN_CONFIG_INVALID",
    category: "CONFIG",
    message: `Cannot start plugin "${plugin}" as its configuration does not fit: ${texts.join("; ")}`,
    data: { plugin, issues: texts },
  });
}

function issuesOf(plugin: Plugin, issue: SchemaIssue): readonly PluginConfigIssue[] {
  const path = (issue.path ?? []).map(keyOf);
  const unknown = unknownKeysOf(issue);
  if (unknown.length === 0) return [{ path, message: issue.message }];
  const knownKeys = keysAt(plugin.config, path);
  return unknown.map((key) => ({ path: [...path, key], message: `unknown key "${key}"`, knownKeys }));
}

/** Standard Schema has no word for unknown keys; zod lists them beside its message, which names the map around them. */
function unknownKeysOf(issue: SchemaIssue): readonly string[] {
  if (!("code" in issue) || issue.code !== "unrecognized_keys") return [];
  return "keys" in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === "object" ? segment.key : segment;
  return typeof key === "number" ? key : String(key);
}
