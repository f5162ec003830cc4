import { resolve, sep } from "node:path";
import type { PermissionName, PermissionSet } from "../contract/index.ts";
import { chatEntryCovers } from "./chat-grant.ts";
import { hostEntryCovers, hostEntryDenies } from "./host-grant.ts";
import { pathCovers } from "./path-grant.ts";
import { scopeCovers, scopeDenies } from "./scope-grant.ts";

/** Whether one entry of a permission grants all that another of it does. */
export function entryCovers(permission: PermissionName, wide: string, narrow: string): boolean {
  switch (permission) {
    case "telegram":
      return scopeCovers(wide, narrow);
    case "chats":
      return chatEntryCovers(wide, narrow);
    case "net":
      return hostEntryCovers(wide, narrow);
    case "read":
    case "write":
      return wide === "*" || (narrow !== "*" && pathCovers(absolute(wide), absolute(narrow)));
    case "env":
    case "run":
    case "sys":
      return wide === "*" || wide === narrow;
    default:
      return permission satisfies never;
  }
}

/** Whether an entry of `deny` takes all that another entry grants. */
export function entryDenies(permission: PermissionName, denial: string, entry: string): boolean {
  if (permission === "telegram") return scopeDenies(denial, entry);
  return permission === "net" ? hostEntryDenies(denial, entry) : entryCovers(permission, denial, entry);
}

/** The entries of a set under one permission, each once. */
export function entriesOf(set: PermissionSet, permission: PermissionName): readonly string[] {
  return [...new Set(set[permission] ?? [])];
}

/** Entries may be relative to a folder that is not known here, and the same for both that are compared. */
function absolute(path: string): string {
  return resolve(sep, path);
}
