import { pathToFileURL } from "node:url";
import { type Plugin, TelegraphistError } from "../contract/index.ts";
import { provideContract } from "./contract-module.ts";
import { systemFacts } from "./plugin-failure.ts";

/**
 * Imports a plugin's module. A module is run once in a process: loading it again returns the same plugin.
 *
 * @throws {TelegraphistError} `HOST_PLUGIN_LOAD_FAILED` when the module cannot be imported, `HOST_NOT_A_PLUGIN` when its
 * default export is none
 */
export async function loadPlugin(path: string): Promise<Plugin> {
  provideContract();
  const loaded: unknown = await importModule(path);
  const exported =
    typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : undefined;
  if (isPlugin(exported)) return exported;
  throw new TelegraphistError({
    code: "HOST_NOT_A_PLUGIN",
    category: "PLUGIN",
    message: `Cannot load plugin from ${path} as its default export must be what definePlugin({ … }) returns: received ${describe(exported)}`,
    data: { path },
  });
}

async function importModule(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = reason.startsWith("Cannot find package") ? "; bun add beside the plugin installs it" : "";
    throw new TelegraphistError({
      code: "HOST_PLUGIN_LOAD_FAILED",
      category: "PLUGIN",
      message: `Cannot load plugin from ${path}: ${reason}${advice}`,
      data: { path, ...systemFacts(error, { withPath: true }) },
      cause: error,
    });
  }
}

/** What `definePlugin` marks it has also looked over; the mark is plain data, as the package may be there twice. */
function isPlugin(value: unknown): value is Plugin {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "telegraphist.plugin" &&
    "contractVersion" in value &&
    value.contractVersion === 1
  );
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  const isOtherVersion =
    "kind" in value && value.kind === "telegraphist.plugin" && "contractVersion" in value;
  return isOtherVersion
    ? `a plugin for contract version ${String(value.contractVersion)}, not 1`
    : "an object";
}
