import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Logger } from "../../telemetry/index.ts";
import { type PermissionSet, parsePluginName } from "../contract/index.ts";
import {
  fetchPlugin,
  findPlugin,
  isUrl,
  manifestOfFiles,
  type PluginPin,
  pinOf,
  policyOf,
} from "../host/index.ts";
import { pluginFolderOf, storagePaths } from "./open-app-storage.ts";
import type { ReadConfig } from "./read-config.ts";

/** A plugin as it was found, and what it says of itself. */
export interface PluginDescription {
  /** Its folder, or the file that it is. */
  readonly root: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly permissions: PermissionSet;
    readonly requires: readonly string[];
  };
  /** What `telegraphist.lock` has of it where it is accepted as it is. */
  readonly pin: PluginPin;
}

/** Where a plugin is looked at. */
export interface DescriptionSite {
  /** Paths and packages are looked up from it. */
  readonly baseFolder: string;
  /** The plugins' own folders, in one of which the process that looks at it works. @default a new one, removed then */
  readonly pluginFolder?: string;
  /** Files that it may not read. @default none */
  readonly secretPaths?: readonly string[];
  /** Whether it is looked at where the system cannot hold it. @default false */
  readonly runsUnheld?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

const timeoutMs = 30_000;

/**
 * Asks a plugin what it is, in a process of its own that can do nothing but read the plugin's files.
 *
 * @throws {TelegraphistError} what `findPlugin`, `manifestOfFiles`, and `pinOf` throw
 */
export async function describePlugin(use: string, site: DescriptionSite): Promise<PluginDescription> {
  await using made = new AsyncDisposableStack();
  const { baseFolder, logger, pluginFolder = await temporaryFolder(made), runsUnheld = false } = site;
  const module = await findPlugin(use, baseFolder, pluginFolder);
  const entry = { name: parsePluginName("unnamed"), use };
  const policy = await policyOf(entry, module, { ...site, pluginFolder, runsUnheld });
  const manifest = await manifestOfFiles({ policy, logger, timeoutMs });
  const { root } = policy.files;
  const pin = await pinOf({ use, root, version: manifest.version, requested: manifest.permissions });
  return { root, manifest, pin };
}

/**
 * As `describePlugin`, of a plugin that is not in the configuration yet: of an address the file is fetched.
 *
 * @throws {TelegraphistError} what `describePlugin` and `fetchPlugin` throw
 */
export async function describeNewPlugin(
  use: string,
  site: DescriptionSite & Required<Pick<DescriptionSite, "pluginFolder">>,
): Promise<PluginDescription> {
  if (!isUrl(use)) return describePlugin(use, site);
  const described = await describePlugin(await fetchPlugin(use, site.pluginFolder), site);
  return { ...described, pin: { ...described.pin, use } };
}

/** Where the plugins of a configuration are looked at. */
export function descriptionSiteOf(
  { config, baseFolder }: Pick<ReadConfig, "config" | "baseFolder">,
  { env, logger }: Pick<DescriptionSite, "env" | "logger">,
): DescriptionSite & Required<Pick<DescriptionSite, "pluginFolder">> {
  const { database, keyFile } = storagePaths({ config, baseFolder });
  return {
    baseFolder,
    pluginFolder: pluginFolderOf({ config, baseFolder }),
    secretPaths: [database, keyFile, resolve(baseFolder, config.admin.tokenFile)],
    runsUnheld: config.sandbox.whenUnavailable !== "refuse",
    env,
    logger,
  };
}

async function temporaryFolder(made: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-look-"));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
