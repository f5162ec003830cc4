import type { PermissionSet } from "../contract/index.ts";
import { chatCovers } from "./chat-grant.ts";
import { hostCovers, hostDenies } from "./host-grant.ts";
import { pathCovers } from "./path-grant.ts";
import { sensitiveKindOf, sensitiveReasons, unreachableReason } from "./raw-methods.ts";
import type { DenialReason, Grants, PermissionRequest, Verdict } from "./request.ts";
import { methodOf, scopeCovers, scopeDenies } from "./scope-grant.ts";

/**
 * Decides one request: it must be in what the manifest asked for and in what the YAML entry allows, and not in what the
 * entry denies.
 *
 * @param plugin the name under `plugins:`, for the word on what to change
 */
export function decide(request: PermissionRequest, grants: Grants, plugin: string): Verdict {
  const method = request.permission === "telegram" ? methodOf(request.scope) : null;
  const unreachable = method === null ? null : unreachableReason(method);
  if (unreachable !== null) return denied(request, "denied", `nothing grants it, since ${unreachable}`);
  if (touchesSecret(request, grants)) {
    return denied(request, "denied", "nothing grants it, since the program keeps its secrets there");
  }
  const key = request.permission;
  const entry = JSON.stringify(wantedOf(request));
  if (covers(grants.deny, request, denying)) {
    return denied(request, "denied", `take what covers ${entry} out of plugins.${plugin}.deny.${key}`);
  }
  if (!covers(grants.requested, request)) {
    return denied(
      request,
      "not-requested",
      `add ${entry} to permissions.${key} in the plugin's definePlugin`,
    );
  }
  if (!covers(grants.allow, request)) {
    const kind = method === null ? null : sensitiveKindOf(method);
    const why = kind === null ? "" : `, as no wildcard covers what ${sensitiveReasons[kind]}`;
    return denied(request, "not-allowed", `add ${entry} to plugins.${plugin}.allow.${key}${why}`);
  }
  return { verdict: "granted" };
}

/** A wildcard grants less than it denies. */
const granting = { scopeFits: scopeCovers, hostFits: hostCovers };
const denying: typeof granting = { scopeFits: scopeDenies, hostFits: hostDenies };

/** SQLite keeps what it has not yet moved into a database beside it: `-wal`, `-shm`, `-journal`. */
function touchesSecret(request: PermissionRequest, { secretPaths = [] }: Grants): boolean {
  if (request.permission !== "read" && request.permission !== "write") return false;
  const { path } = request;
  return secretPaths.some((secret) => pathCovers(secret, path) || path.startsWith(`${secret}-`));
}

function covers(set: PermissionSet, request: PermissionRequest, { scopeFits, hostFits } = granting): boolean {
  switch (request.permission) {
    case "telegram":
      return (set.telegram ?? []).some((scope) => scopeFits(scope, request.scope));
    case "chats":
      return (set.chats ?? []).some((grant) => chatCovers(grant, request.chat));
    case "net":
      return (set.net ?? []).some((grant) => hostFits(grant, request));
    case "read":
    case "write":
      return (set[request.permission] ?? []).some((grant) => pathCovers(grant, request.path));
    case "env":
    case "run":
    case "sys":
      return (set[request.permission] ?? []).some((grant) => grant === "*" || grant === request.name);
    default:
      return request satisfies never;
  }
}

function wantedOf(request: PermissionRequest): string {
  switch (request.permission) {
    case "telegram":
      return request.scope;
    case "chats":
      return request.chat.username === null ? request.chat.id : `@${request.chat.username}`;
    case "net":
      return `${request.method === undefined ? "" : `${request.method} `}${request.host}:${request.port}`;
    case "read":
    case "write":
      return request.path;
    case "env":
    case "run":
    case "sys":
      return request.name;
    default:
      return request satisfies never;
  }
}

function denied(request: PermissionRequest, reason: DenialReason, fix: string): Verdict {
  return { verdict: "denied", permission: request.permission, value: wantedOf(request), reason, fix };
}
