import { type PermissionSet, type Plugin, permissionNames, TelegraphistError } from "../contract/index.ts";
import { isRecord } from "../wire/index.ts";

/** What a plugin's module says of itself. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly permissions: PermissionSet;
  readonly requires: readonly string[];
}

export function manifestOf({ name, version, description, permissions, requires = [] }: Plugin): Manifest {
  return { name, version, description, permissions, requires };
}

const maxTextLength = 500;
const maxItems = 1_000;

/**
 * The manifest that a plugin's process told.
 *
 * @throws {TelegraphistError} `PLUGIN_INVALID` when a part of it has another form
 */
export function readManifest(told: unknown): Manifest {
  if (!isRecord(told)) throw invalid("manifest");
  const { name, version, description, permissions, requires } = told;
  if (!isShort(name) || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) throw invalid("name");
  if (!isShort(version)) throw invalid("version");
  if (!isShort(description)) throw invalid("description");
  if (!isRecord(permissions)) throw invalid("permissions");
  if (!isShortList(requires)) throw invalid("requires");
  return { name, version, description, permissions: permissionsOf(permissions), requires };
}

function permissionsOf(told: Readonly<Record<string, unknown>>): PermissionSet {
  const lists = permissionNames.flatMap((permission) => {
    const list = told[permission];
    if (list === undefined) return [];
    if (!isShortList(list)) throw invalid(`permissions.${permission}`);
    return [[permission, list]];
  });
  // Every list of a set holds texts; a scope that there is none of is never asked for.
  return Object.fromEntries(lists) as PermissionSet;
}

function isShort(value: unknown): value is string {
  return typeof value === "string" && value.length <= maxTextLength;
}

function isShortList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= maxItems && value.every(isShort);
}

function invalid(part: string): TelegraphistError {
  return new TelegraphistError({
    code: "PLUGIN_INVALID",
    category: "PLUGIN",
    message: `Cannot read what the plugin says of itself as "${part}" has not the right form`,
  });
}
