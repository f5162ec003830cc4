import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hasCode, type PermissionSet, permissionNames, TelegraphistError } from "../contract/index.ts";

/** What a plugin was when it was last accepted. */
export interface PluginPin {
  /** As the YAML entry has it. */
  readonly use: string;
  /** As its manifest says. */
  readonly version: string;
  /** What `hashPlugin` gave. */
  readonly hash: string;
  /** What its manifest asks for, sorted. */
  readonly requested: PermissionSet;
}

/** The pins of `telegraphist.lock`, by the name under `plugins:`. */
export type PluginLock = ReadonlyMap<string, PluginPin>;

/** The lock file's name; it stands beside the YAML. */
export const lockFileName = "telegraphist.lock";

const formVersion = 1;

/**
 * Reads the lock file; one that is not there has no pins.
 *
 * @throws {TelegraphistError} `HOST_LOCK_DAMAGED` when it holds anything but pins, `HOST_LOCK_UNREADABLE`
 */
export async function readLock(path: string): Promise<PluginLock> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw lockError("HOST_LOCK_UNREADABLE", "CONFIG", `Cannot read ${path}: ${reasonOf(error)}`, path, error);
  });
  if (text === null) return new Map();
  const pins = pinsIn(parsed(text));
  if (pins !== null) return pins;
  const message = `Cannot read ${path} as it must hold the pins of plugins: restore it from Git, or remove it to pin anew`;
  throw lockError("HOST_LOCK_DAMAGED", "CONFIG", message, path);
}

/**
 * Writes the lock file whole or not at all, sorted by name so that a review shows what changed.
 *
 * @throws {TelegraphistError} `HOST_LOCK_UNWRITABLE`
 */
export async function writeLock(path: string, lock: PluginLock): Promise<void> {
  const names = [...lock.keys()].toSorted();
  const plugins = Object.fromEntries(names.map((name) => [name, sortedPin(lock.get(name))]));
  const temporary = `${path}.${process.pid}.new`;
  try {
    await writeFile(temporary, `${JSON.stringify({ version: formVersion, plugins }, null, 2)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw lockError(
      "HOST_LOCK_UNWRITABLE",
      "STORAGE",
      `Cannot write ${path}: ${reasonOf(error)}`,
      path,
      error,
    );
  }
}

function sortedPin(pin: PluginPin | undefined): PluginPin | undefined {
  return pin && { ...pin, requested: sortedPermissions(pin.requested) };
}

/** The set as a lock file has it: permissions in their order, entries sorted, each once, nothing empty. */
export function sortedPermissions(set: PermissionSet): PermissionSet {
  const entries = permissionNames.map((name) => [name, [...new Set(set[name] ?? [])].toSorted()] as const);
  return Object.fromEntries(entries.filter(([, list]) => list.length > 0));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no lock file either; the caller says so.
    return null;
  }
}

function pinsIn(value: unknown): PluginLock | null {
  if (!isRecord(value) || value.version !== formVersion || !isRecord(value.plugins)) return null;
  const pins = new Map<string, PluginPin>();
  for (const [name, pin] of Object.entries(value.plugins)) {
    if (!isPin(pin)) return null;
    pins.set(name, pin);
  }
  return pins;
}

function isPin(value: unknown): value is PluginPin {
  return (
    isRecord(value) &&
    [value.use, value.version, value.hash].every((field) => typeof field === "string") &&
    isPermissionSet(value.requested)
  );
}

function isPermissionSet(value: unknown): value is PermissionSet {
  if (!isRecord(value)) return false;
  const known = new Set<string>(permissionNames);
  return Object.entries(value).every(
    ([name, list]) => known.has(name) && Array.isArray(list) && list.every((one) => typeof one === "string"),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lockError(
  code: string,
  category: "CONFIG" | "STORAGE",
  message: string,
  path: string,
  cause?: unknown,
): TelegraphistError {
  return new TelegraphistError({ code, category, message, data: { path }, cause });
}
