export { type CallNeeds, callTable, eventTable } from "./call-table.ts";
export { coversEveryChat } from "./chat-grant.ts";
export { decide } from "./decide.ts";
export { diffPermissions, type PermissionItem, widenedRequests } from "./diff-permissions.ts";
export { hostCovers, hostDenies, namesHost } from "./host-grant.ts";
export { pathCovers } from "./path-grant.ts";
export { chatsInParameters } from "./raw-chats.ts";
export { type SensitiveKind, sensitiveKindOf, unreachableReason } from "./raw-methods.ts";
export type { ChatIdentity, DenialReason, Grants, PermissionRequest, Verdict } from "./request.ts";
