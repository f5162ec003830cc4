import { readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { hasCode, type PermissionSet } from "../contract/index.ts";
import type { Grants } from "../permissions/index.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";

/** The sets that decide for a plugin, their paths made absolute against the configuration's folder, links followed. */
export async function grantsOf(
  requested: PermissionSet,
  entry: PluginEntry,
  { baseFolder, secretPaths = [] }: Pick<HostOptions, "baseFolder" | "secretPaths">,
): Promise<Grants> {
  const [asked, allow, deny] = await Promise.all(
    [requested, entry.allow, entry.deny].map((set) => withRealPaths(set, baseFolder)),
  );
  return {
    requested: asked ?? {},
    allow: allow ?? {},
    deny: deny ?? entry.deny,
    secretPaths: await realPathsOf(secretPaths, baseFolder),
  };
}

/**
 * The path with every symbolic link on its way followed, also one that points to nothing yet; parts that do not exist
 * stay as they are. A link that is put there afterwards is not seen: that is for the kernel's part of the sandbox.
 */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (!hasCode(error, "ENOENT", "ENOTDIR") || parent === path) throw error;
    const real = join(await realPathOf(parent), basename(path));
    const target = await readlink(real).catch(() => null);
    return target === null ? real : realPathOf(resolve(dirname(real), target));
  }
}

async function withRealPaths(set: PermissionSet, baseFolder: string): Promise<PermissionSet> {
  const [read, write] = await Promise.all([
    realPathsOf(set.read ?? [], baseFolder),
    realPathsOf(set.write ?? [], baseFolder),
  ]);
  return { ...set, read, write };
}

function realPathsOf(paths: readonly string[], baseFolder: string): Promise<readonly string[]> {
  return Promise.all(
    paths.map(async (path) => (path === "*" ? path : realPathOf(resolve(baseFolder, path)))),
  );
}
