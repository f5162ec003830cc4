import { sensitiveKindOf } from "./raw-methods.ts";

/**
 * Whether a granted scope covers a wanted one. A raw grant may end in `*`, as in `raw:messages.*`; methods that reach the
 * session, money, or the like are not meant by that.
 */
export function scopeCovers(granted: string, wanted: string): boolean {
  if (granted === wanted) return true;
  const method = methodOf(wanted);
  return method !== null && isPrefix(granted, wanted) && sensitiveKindOf(method) === null;
}

/** Whether an entry of `deny.telegram` shuts a scope out: as a grant, but its `*` means every method. */
export function scopeDenies(entry: string, wanted: string): boolean {
  return entry === wanted || (methodOf(wanted) !== null && isPrefix(entry, wanted));
}

/** The method of a raw scope; `null` for any other. */
export function methodOf(scope: string): string | null {
  return scope.startsWith("raw:") ? scope.slice("raw:".length) : null;
}

function isPrefix(entry: string, wanted: string): boolean {
  return entry.startsWith("raw:") && entry.endsWith("*") && wanted.startsWith(entry.slice(0, -1));
}
