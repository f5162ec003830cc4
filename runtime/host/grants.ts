import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { hasCode, type PermissionSet } from "../contract/index.ts";
import type { Grants } from "../permissions/index.ts";
import type { PluginEntry } from "./ports.ts";

/** The sets that decide for a plugin, their paths made absolute against the configuration's folder, links followed. */
export async function grantsOf(
  requested: PermissionSet,
  entry: PluginEntry,
  baseFolder: string,
): Promise<Grants> {
  const [asked, allow, deny] = await Promise.all(
    [requested, entry.allow, entry.deny].map((set) => withRealPaths(set, baseFolder)),
  );
  return { requested: asked ?? {}, allow: allow ?? {}, deny: deny ?? entry.deny };
}

/**
 * The path with every symbolic link on its way followed; a last part that does not exist yet stays as it is. A link that
 * is put there afterwards is not seen: that is for the kernel's part of the sandbox.
 */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (!hasCode(error, "ENOENT", "ENOTDIR") || parent === path) throw error;
    return join(await realPathOf(parent), basename(path));
  }
}

async function withRealPaths(set: PermissionSet, baseFolder: string): Promise<PermissionSet> {
  const real = (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map(async (path) => (path === "*" ? path : realPathOf(resolve(baseFolder, path)))));
  return { ...set, read: await real(set.read ?? []), write: await real(set.write ?? []) };
}
