import type { TlObject } from "../tl/value.ts";
import type { Chat } from "../world/chat.ts";
import { bareId } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { publish } from "../world/posting.ts";
import type { UpdateBatch } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import type { Caller } from "./caller.ts";
import { requireRight } from "./peers.ts";
import { RpcError } from "./rpc.ts";

/** Gives a chat another title and says so in it. */
export function retitle(
  state: WorldState,
  batch: UpdateBatch,
  caller: Caller,
  chat: Chat,
  title: string,
): void {
  requireRight(chat, caller, "change_info");
  if (title.trim() === "") throw new RpcError(400, "CHAT_TITLE_EMPTY");
  if (title === chat.title) throw new RpcError(400, "CHAT_NOT_MODIFIED");
  chat.title = title;
  publish(state, batch, caller.person, chat, { action: { _: "messageActionChatEditTitle", title } });
}

/** `messages.invitedUsers` with those whose privacy refused. */
export function invitedView(updates: TlObject, missing: readonly Person[]): TlObject {
  return {
    _: "messages.invitedUsers",
    updates,
    missing_invitees: missing.map(({ id }) => ({ _: "missingInvitee", user_id: bareId(id) })),
  };
}

/** Who asked to join, for those who may answer. */
export function pendingRequests(chat: Chat, { person }: Caller): Partial<TlObject> {
  if (!chat.isAllowed(person.id, "invite_users") || chat.joinRequests.size === 0) return {};
  return {
    requests_pending: chat.joinRequests.size,
    recent_requesters: [...chat.joinRequests.keys()].slice(-3).map(bareId),
  };
}
