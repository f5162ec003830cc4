import { isAbsolute, normalize, sep } from "node:path";

/**
 * Whether an entry of `read:` or `write:` (a folder, a file, or `*`) covers a path. Both are compared as text with `.`
 * and `..` worked out, so that no path climbs out of its folder; a path that is not absolute is never covered.
 */
export function pathCovers(grant: string, path: string): boolean {
  if (!isAbsolute(path) || path.includes("\0")) return false;
  if (grant === "*") return true;
  if (!isAbsolute(grant)) return false;
  const folder = withoutEnd(normalize(grant));
  const wanted = withoutEnd(normalize(path));
  return wanted === folder || wanted.startsWith(folder === sep ? sep : folder + sep);
}

function withoutEnd(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}
