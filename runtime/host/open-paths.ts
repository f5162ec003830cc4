import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** Paths of which the kernel opens each with all that is below. */
export interface OpenPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Entries that are looked at, for a folder with a closed path deep inside it. */
const maxEntries = 10_000;

/**
 * What of a path the kernel can open. It knows no exception inside a folder: of one that holds a closed path the
 * entries are opened one by one, as they are now, and what is made there later stays closed.
 *
 * @param closed what stays closed, with all that is below
 */
export async function openPathsOf(path: string, closed: readonly string[]): Promise<OpenPaths> {
  const files: string[] = [];
  const folders: string[] = [];
  const waiting = [path];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined && seen < maxEntries; next = waiting.pop()) {
    const here = next;
    seen++;
    if (closed.some((one) => isAtOrBelow(here, one))) continue;
    const found = await stat(here).catch(() => null);
    if (found === null) continue;
    if (!found.isDirectory()) files.push(here);
    else if (!closed.some((one) => isAtOrBelow(one, here))) folders.push(here);
    else waiting.push(...(await readdir(here).catch(() => [])).map((name) => join(here, name)));
  }
  return { files, folders };
}

/** SQLite keeps what it has not yet moved into a database beside it, under its name with a dash. */
function isAtOrBelow(path: string, other: string): boolean {
  if (path === other || path.startsWith(`${other}-`)) return true;
  return path.startsWith(other === sep ? sep : other + sep);
}
