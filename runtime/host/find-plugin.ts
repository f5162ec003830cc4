import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { TelegraphistError } from "../contract/index.ts";
import { fetchedPlugin, isUrl } from "./plugin-from-url.ts";

const bundledFolder = fileURLToPath(new URL("../../plugins/", import.meta.url));
const entryFiles = ["index.ts", "index.js"] as const;

/**
 * Finds the module of a plugin: one that comes with the program by its name, else a path (`./`, `../`, or absolute)
 * relative to the base folder, else an address whose file was fetched, else an npm package that is installed there.
 * Returns an absolute path.
 *
 * @param pluginFolder the plugins' own folders, beside which fetched files are kept
 * @throws {TelegraphistError} `HOST_PLUGIN_NOT_FOUND`, which says where it was looked for, and what `fetchedPlugin` throws
 */
export async function findPlugin(use: string, baseFolder: string, pluginFolder: string): Promise<string> {
  if (isUrl(use)) return fetchedPlugin(use, { baseFolder, pluginFolder });
  if (/^\.{1,2}\//.test(use) || isAbsolute(use)) {
    const path = resolve(baseFolder, use);
    const found = await moduleAt(path);
    if (found !== null) return found;
    throw notFound(use, `there is no file or folder with ${entryFiles.join(" or ")} at ${path}`);
  }
  if (/^[a-z0-9][a-z0-9_-]*$/.test(use)) {
    const found = await moduleAt(join(bundledFolder, use));
    if (found !== null) return found;
  }
  try {
    return Bun.resolveSync(use, baseFolder);
  } catch (error) {
    throw notFound(
      use,
      `no bundled plugin has that name, and no package; install one by bun add --cwd ${baseFolder} ${use}, or write ./${use} for a file or folder`,
      error,
    );
  }
}

async function moduleAt(path: string): Promise<string | null> {
  for (const candidate of [path, ...entryFiles.map((name) => join(path, name))]) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
  }
  return null;
}

function notFound(use: string, reason: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "HOST_PLUGIN_NOT_FOUND",
    category: "CONFIG",
    message: `Cannot find plugin ${JSON.stringify(use)}: ${reason}`,
    data: { use },
    cause,
  });
}
