import { access } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isUrl } from "./plugin-from-url.ts";

/**
 * What belongs to a plugin, of the module that was found for it: the file itself where the entry names a file or an address, else the
 * folder of the plugin or package.
 *
 * @param use as the YAML entry has it
 * @param modulePath what `findPlugin` gave
 */
export async function pluginRootOf(use: string, modulePath: string, baseFolder: string): Promise<string> {
  if (/^\.{1,2}\//.test(use) || isAbsolute(use)) return resolve(baseFolder, use);
  if (isUrl(use)) return modulePath;
  const parts = modulePath.split("/");
  if (!parts.includes("node_modules")) return dirname(modulePath);
  for (let folder = dirname(modulePath); basename(folder) !== "node_modules"; folder = dirname(folder)) {
    if (await isThere(join(folder, "package.json"))) return folder;
  }
  return dirname(modulePath);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
