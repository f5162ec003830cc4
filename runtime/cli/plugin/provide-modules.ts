import { cp, lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hasCode } from "../../contract/index.ts";

/** The folder of this program, which is the package `telegraphist`. */
const installation = resolve(import.meta.dir, "../../..");

/**
 * Lets a plugin's tests, and an editor, find what they import: `telegraphist` is linked into the folder's `node_modules`,
 * and `zod` is copied from this program unless it is installed there. No network is needed.
 *
 * @param folder of the plugin, with a `package.json`
 */
export async function provideModules(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  await linkTo(installation, join(modules, "telegraphist"));
  const zod = join(modules, "zod");
  if (!(await isThere(zod)))
    await cp(dirname(Bun.resolveSync("zod/package.json", installation)), zod, { recursive: true });
}

/** The version of zod that `provideModules` copies. */
export async function zodVersion(): Promise<string> {
  const manifest: { readonly version: string } = await Bun.file(
    Bun.resolveSync("zod/package.json", installation),
  ).json();
  return manifest.version;
}

/** A link that leads elsewhere, as after this program was moved, is made anew; a folder is left as it is. */
async function linkTo(target: string, path: string): Promise<void> {
  const found = await readlink(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "EINVAL")) return null;
    throw error;
  });
  if (found === target || (found === null && (await isThere(path)))) return;
  await rm(path, { force: true });
  await symlink(target, path, "dir");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
