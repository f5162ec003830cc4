export { type CallNeeds, callTable, eventTable } from "./call-table.ts";
export { coversEveryChat } from "./chat-grant.ts";
export { decide } from "./decide.ts";
export { namesHost } from "./host-grant.ts";
export { chatsInParameters } from "./raw-chats.ts";
export type { ChatIdentity, DenialReason, Grants, PermissionRequest, Verdict } from "./request.ts";
