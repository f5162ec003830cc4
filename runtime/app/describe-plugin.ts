import type { PermissionSet } from "../contract/index.ts";
import { findPlugin, hashPlugin, loadPlugin, pluginRootOf } from "../host/index.ts";

/** A plugin as it was found, without being run. */
export interface PluginDescription {
  /** As an entry would name it. */
  readonly use: string;
  /** Its module, an absolute path. */
  readonly path: string;
  /** Its folder, or the file that it is. */
  readonly root: string;
  /** As `telegraphist.lock` has it. */
  readonly hash: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly permissions: PermissionSet;
    readonly requires: readonly string[];
  };
}

/**
 * What a plugin says of itself.
 *
 * @throws {TelegraphistError} what `findPlugin`, `loadPlugin`, and `hashPlugin` throw
 */
export async function describePlugin(use: string, baseFolder: string): Promise<PluginDescription> {
  const path = await findPlugin(use, baseFolder);
  const root = await pluginRootOf(use, path, baseFolder);
  const { name, version, description, permissions, requires = [] } = await loadPlugin(path);
  return {
    ...{ use, path, root, hash: await hashPlugin(root) },
    manifest: { name, version, description, permissions, requires },
  };
}
