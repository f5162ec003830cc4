import { type PermissionName, type PermissionSet, permissionNames } from "../contract/index.ts";
import { diffPermissions, widenedRequests } from "./diff-permissions.ts";

/** What a plugin asks for, and what of it the configuration allows and denies. */
export interface GrantedRequest {
  readonly requested: PermissionSet;
  readonly allow: PermissionSet;
  readonly deny: PermissionSet;
}

/** One thing that a plugin may do, or that is kept from what it may do. */
export interface GrantChange {
  readonly permission: PermissionName;
  readonly entry: string;
  /** Whether it is an exception that was made, or is made no longer. */
  readonly isDenial: boolean;
}

/** What a plugin may do that it might not before, and the other way round. */
export function compareGrants(
  before: GrantedRequest,
  after: GrantedRequest,
): { readonly widened: readonly GrantChange[]; readonly narrowed: readonly GrantChange[] } {
  const was = effectiveOf(before);
  const is = effectiveOf(after);
  return {
    widened: [...changes(was.granted, is.granted, false), ...changes(is.excepted, was.excepted, true)],
    narrowed: [...changes(is.granted, was.granted, false), ...changes(was.excepted, is.excepted, true)],
  };
}

function changes(from: PermissionSet, to: PermissionSet, isDenial: boolean): readonly GrantChange[] {
  return widenedRequests(from, to).map((one) => ({ ...one, isDenial }));
}

/** What is both asked for and allowed, and what of that is denied. */
function effectiveOf({ requested, allow, deny }: GrantedRequest) {
  const items = diffPermissions(requested, allow, deny).filter(
    ({ state }) => state === "granted" || state === "narrowed",
  );
  const listOf = (pick: (item: (typeof items)[number]) => readonly string[]): PermissionSet => {
    const lists = permissionNames.map((name) => {
      const entries = items.filter(({ permission }) => permission === name).flatMap(pick);
      return [name, [...new Set(entries)]] as const;
    });
    // Entries of each permission come from sets of the same permissions.
    return Object.fromEntries(lists.filter(([, entries]) => entries.length > 0)) as PermissionSet;
  };
  return {
    granted: listOf(({ permission, entry, allowedBy }) =>
      allowedBy.map((one) => (isCovered(permission, entry, one) ? entry : one)),
    ),
    excepted: listOf(({ deniedBy }) => deniedBy),
  };
}

function isCovered(permission: PermissionName, entry: string, by: string): boolean {
  // As in `effectiveOf`.
  const [one, other] = [{ [permission]: [by] }, { [permission]: [entry] }] as [PermissionSet, PermissionSet];
  return widenedRequests(one, other).length === 0;
}
