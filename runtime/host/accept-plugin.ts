import type { PermissionSet } from "../contract/index.ts";
import { diffPermissions } from "../permissions/index.ts";
import { findPlugin } from "./find-plugin.ts";
import { pinOf } from "./plugin-pins.ts";
import { pluginRootOf } from "./plugin-root.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";

/** What a plugin's manifest says, as far as accepting it goes. */
export interface PluginRequest {
  readonly version: string;
  readonly permissions: PermissionSet;
}

/**
 * Holds a plugin to its pin, and asks about what is open: the entry as it is to be taken from then on.
 *
 * @param onPinned when it was pinned anew
 * @throws {TelegraphistError} `HOST_REQUESTS_WIDENED`, and what `findPlugin`, `hashPlugin`, and `readLock` throw
 */
export async function acceptPlugin(
  { version, permissions }: PluginRequest,
  entry: PluginEntry,
  {
    baseFolder,
    pluginFolder,
    pins,
    askPermission,
  }: Pick<HostOptions, "baseFolder" | "pluginFolder" | "pins" | "askPermission">,
  onPinned: () => void = () => undefined,
): Promise<PluginEntry> {
  const { name, use, deny } = entry;
  if (pins !== undefined) {
    const root = await pluginRootOf(use, await findPlugin(use, baseFolder, pluginFolder), baseFolder);
    const isNew = await pins.hold(name, await pinOf({ use, root, version, requested: permissions }));
    if (isNew) onPinned();
  }
  let { allow } = entry;
  for (const { permission, entry: wanted, state } of diffPermissions(permissions, allow, deny)) {
    if (state !== "undecided" || askPermission === undefined) continue;
    const isGranted = await askPermission({ plugin: name, permission, entry: wanted });
    if (isGranted) allow = { ...allow, [permission]: [...(allow[permission] ?? []), wanted] };
  }
  return { ...entry, allow };
}
