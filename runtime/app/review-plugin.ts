import { resolve } from "node:path";
import { TelegraphistError } from "../contract/index.ts";
import { checkPin, lockFileName, type PinCheck, readLock, writeLock } from "../host/index.ts";
import { diffPermissions, type PermissionItem } from "../permissions/index.ts";
import { definedOf } from "./defined.ts";
import {
  type DescriptionSite,
  describePlugin,
  descriptionSiteOf,
  type PluginDescription,
} from "./describe-plugin.ts";
import type { ReadConfig } from "./read-config.ts";

/** An entry of the configuration, held against its plugin and its pin. */
export interface PluginReview {
  readonly name: string;
  readonly use: string;
  readonly isEnabled: boolean;
  readonly isolation: "process" | "inline";
  readonly plugin: PluginDescription;
  /** How it stands to `telegraphist.lock`. */
  readonly pin: PinCheck;
  /** What becomes of each thing that it asks for. */
  readonly permissions: readonly PermissionItem[];
}

type Entries = Pick<ReadConfig, "config" | "baseFolder">;
type Shell = Pick<DescriptionSite, "env" | "logger">;

/**
 * Looks a plugin of the configuration over, without running it.
 *
 * @throws {TelegraphistError} `HOST_UNKNOWN_PLUGIN` when there is no such entry, and what `describePlugin` and `readLock`
 * throw
 */
export async function reviewPlugin(read: Entries, name: string, shell: Shell): Promise<PluginReview> {
  const entry = read.config.plugins[name];
  if (entry === undefined) throw unknownEntry(name, Object.keys(read.config.plugins));
  const { use = name, enabled, isolation } = entry;
  const plugin = await describePlugin(use, descriptionSiteOf(read, shell));
  return {
    ...{ name, use, isEnabled: enabled, isolation, plugin },
    pin: checkPin(await readLock(lockFileOf(read)), name, plugin.pin),
    permissions: diffPermissions(plugin.manifest.permissions, definedOf(entry.allow), definedOf(entry.deny)),
  };
}

/**
 * Accepts a plugin as it is now, with all that it asks for: `telegraphist.lock` has it so from then on. What it is
 * granted is still for the entry's `allow` to say.
 *
 * @returns how it stood before
 * @throws {TelegraphistError} what `reviewPlugin` and `writeLock` throw
 */
export async function acceptPlugin(read: Entries, name: string, shell: Shell): Promise<PluginReview> {
  const review = await reviewPlugin(read, name, shell);
  await pinPlugin(read, name, review.plugin);
  return review;
}

/** Has `telegraphist.lock` say that a plugin is accepted as it is. @throws {TelegraphistError} what `writeLock` throws */
export async function pinPlugin(
  read: Pick<Entries, "baseFolder">,
  name: string,
  { pin }: PluginDescription,
): Promise<void> {
  const path = lockFileOf(read);
  await writeLock(path, new Map([...(await readLock(path)), [name, pin]]));
}

function lockFileOf({ baseFolder }: Pick<Entries, "baseFolder">): string {
  return resolve(baseFolder, lockFileName);
}

function unknownEntry(name: string, known: readonly string[]): TelegraphistError {
  const list = known.length === 0 ? "none" : known.map((other) => JSON.stringify(other)).join(", ");
  return new TelegraphistError({
    code: "HOST_UNKNOWN_PLUGIN",
    category: "NOT_FOUND",
    message: `Cannot find plugin ${JSON.stringify(name)} under "plugins": there is ${list}`,
  });
}
