import { join, resolve } from "node:path";
import type { Logger } from "../../telemetry/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { findPlugin } from "./find-plugin.ts";
import { realPathOf } from "./grants.ts";
import type { GuestPolicyOptions } from "./guest-policy.ts";
import { loadInline } from "./inline-module.ts";
import { manifestOfFiles } from "./inspect-plugin.ts";
import { hashPlugin } from "./plugin-hash.ts";
import type { PluginModule } from "./plugin-module.ts";
import { pluginRootOf } from "./plugin-root.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";
import { processModule } from "./process-module.ts";

/** Finds an entry's plugin and has a look at it. */
export type OpenModule = (entry: PluginEntry, logger: Logger) => Promise<PluginModule>;

/** What it takes to look at a plugin in a process of its own. */
export type InspectionSite = Pick<
  HostOptions,
  "baseFolder" | "pluginFolder" | "secretPaths" | "limits" | "env" | "runsUnheld" | "readLevel"
>;

const defaultMemoryBytes = 512 * 1024 ** 2;
const defaultTimeoutMs = 30_000;

/**
 * Opens plugins.
 *
 * The function throws what `findPlugin`, `hashPlugin`, `loadPlugin`, and `inspectPlugin` throw, and
 * `HOST_NOT_TRUSTED` for a plugin that is to run inline and is not marked as trusted.
 */
export function moduleOpener(host: HostOptions): OpenModule {
  return async (entry, logger) => {
    const path = await findPlugin(entry.use, host.baseFolder, host.pluginFolder);
    if (entry.isolation === "inline") {
      requireTrust(entry);
      return loadInline(entry, path, await pluginRootOf(entry.use, path, host.baseFolder));
    }
    const policy = await policyOf(entry, path, host);
    const timeoutMs = host.limits?.setupTimeoutMs ?? defaultTimeoutMs;
    // Before it is looked at, so that what changes meanwhile is a change.
    const hash = await hashPlugin(policy.files.root);
    const manifest = await manifestOfFiles({ policy, logger, timeoutMs });
    return processModule({ manifest, hash, entry, host, policy, logger });
  };
}

/** Where an entry's plugin lies: its folder, or the file that it is. @throws {TelegraphistError} what `findPlugin` throws */
export async function rootOf(
  { use }: Pick<PluginEntry, "use">,
  { baseFolder, pluginFolder }: Pick<InspectionSite, "baseFolder" | "pluginFolder">,
): Promise<string> {
  return pluginRootOf(use, await findPlugin(use, baseFolder, pluginFolder), baseFolder);
}

/** How the processes of an entry's plugin are held, as far as its grants do not matter. */
export async function policyOf(
  { name, use, trusted = false }: Pick<PluginEntry, "name" | "use" | "trusted">,
  module: string,
  site: InspectionSite,
): Promise<GuestPolicyOptions> {
  const {
    baseFolder,
    pluginFolder,
    secretPaths = [],
    limits,
    env = {},
    runsUnheld = false,
    readLevel,
  } = site;
  const [root, folder, ...secrets] = await Promise.all(
    [await pluginRootOf(use, module, baseFolder), pluginFolder, ...secretPaths].map((path) =>
      realPathOf(resolve(baseFolder, path)),
    ),
  );
  return {
    plugin: name,
    files: { module: await realPathOf(module), root: root ?? module },
    workFolder: join(folder ?? pluginFolder, name),
    secretPaths: secrets,
    memoryBytes: limits?.pluginMemoryBytes ?? defaultMemoryBytes,
    mayRunUnheld: trusted || runsUnheld,
    readLevel,
    env,
  };
}

function requireTrust({ name, trusted }: PluginEntry): void {
  if (trusted === true) return;
  throw new TelegraphistError({
    code: "HOST_NOT_TRUSTED",
    category: "CONFIG",
    message: `Cannot start plugin "${name}" with isolation "inline" as that puts the whole program in its reach: plugins.${name}.trusted is not true`,
    data: { plugin: name },
  });
}
