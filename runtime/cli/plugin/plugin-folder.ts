import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { TelegraphistError } from "../../contract/index.ts";

/** Whether an argument names a file or folder, and not an entry of the configuration. */
export function isPath(text: string): boolean {
  return text === "." || text === ".." || /^\.{1,2}\//.test(text) || isAbsolute(text);
}

/** A relative path as an entry has it: never without a dot first, which would be a package. */
export function shownPath(path: string): string {
  return path.startsWith("..") ? path : `./${path}`;
}

/** @throws {TelegraphistError} `CLI_PLUGIN_NOT_FOUND` when there is nothing at an absolute path */
export async function requireThere(path: string): Promise<Stats> {
  const found = await stat(path).catch(() => null);
  if (found !== null) return found;
  throw new TelegraphistError({
    code: "CLI_PLUGIN_NOT_FOUND",
    category: "NOT_FOUND",
    message: `Cannot find a plugin at ${path}: there is no such file or folder`,
  });
}
