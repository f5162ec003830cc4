import { type PermissionName, type PermissionSet, permissionNames } from "../contract/index.ts";
import { chatEntriesMayMeet } from "./chat-grant.ts";
import { entriesOf, entryCovers, entryDenies } from "./entry-grant.ts";

/** One entry of what a plugin asks for, or of what it is allowed without having asked. */
export interface PermissionItem {
  readonly permission: PermissionName;
  /** As it is written, in the manifest, or for `unrequested` in the YAML. */
  readonly entry: string;
  /**
   * - `granted`: all of it is allowed, and nothing of it denied.
   * - `narrowed`: a part of it is.
   * - `denied`: all of it is denied.
   * - `undecided`: it is neither allowed nor denied, and so refused.
   * - `unrequested`: it is allowed, and does nothing, as the manifest does not ask for it.
   */
  readonly state: "granted" | "narrowed" | "denied" | "undecided" | "unrequested";
  /** The entries of `allow` that have a part in it. */
  readonly allowedBy: readonly string[];
  /** The entries of `deny` that have. */
  readonly deniedBy: readonly string[];
}

/** What becomes of each thing that a manifest asks for, in the order of `permissionNames`, then of the manifest. */
export function diffPermissions(
  requested: PermissionSet,
  allow: PermissionSet,
  deny: PermissionSet,
): readonly PermissionItem[] {
  return permissionNames.flatMap((permission) => {
    const asked = entriesOf(requested, permission);
    const allowed = entriesOf(allow, permission);
    const denied = entriesOf(deny, permission);
    const unrequested = allowed.filter((entry) => !asked.some((one) => mayMeet(permission, one, entry)));
    return [
      ...asked.map((entry) => itemOf(permission, entry, allowed, denied)),
      ...unrequested.map((entry): PermissionItem => {
        return { permission, entry, state: "unrequested", allowedBy: [entry], deniedBy: [] };
      }),
    ];
  });
}

/** What a set asks for that another one did not. */
export function widenedRequests(
  before: PermissionSet,
  now: PermissionSet,
): readonly Pick<PermissionItem, "permission" | "entry">[] {
  return permissionNames.flatMap((permission) => {
    const known = entriesOf(before, permission);
    return entriesOf(now, permission)
      .filter((entry) => !known.some((one) => entryCovers(permission, one, entry)))
      .map((entry) => ({ permission, entry }));
  });
}

function itemOf(
  permission: PermissionName,
  entry: string,
  allowed: readonly string[],
  denied: readonly string[],
): PermissionItem {
  const allowedBy = allowed.filter((one) => mayMeet(permission, one, entry));
  const deniedBy = denied.filter(
    (one) => entryDenies(permission, one, entry) || mayMeet(permission, one, entry),
  );
  const item = { permission, entry, allowedBy, deniedBy };
  if (deniedBy.some((one) => entryDenies(permission, one, entry))) return { ...item, state: "denied" };
  if (allowedBy.length === 0) return { ...item, state: "undecided" };
  const isWhole = deniedBy.length === 0 && allowedBy.some((one) => entryCovers(permission, one, entry));
  return { ...item, state: isWhole ? "granted" : "narrowed" };
}

function mayMeet(permission: PermissionName, one: string, other: string): boolean {
  if (permission === "chats") return chatEntriesMayMeet(one, other);
  return entryCovers(permission, one, other) || entryCovers(permission, other, one);
}
