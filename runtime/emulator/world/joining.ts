import { RpcError } from "../methods/rpc.ts";
import type { Chat } from "./chat.ts";
import { hashOfLink, InviteLink, type InviteLinkDetails } from "./invite-link.ts";
import { enter } from "./membership.ts";
import { bareId, peerOf } from "./peer-id.ts";
import type { Person } from "./person.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldState } from "./world-state.ts";

/** The link of a hash or URL. @throws {RpcError} `INVITE_HASH_INVALID` or, when it no longer lets in, `INVITE_HASH_EXPIRED` */
export function usableLink(state: WorldState, link: string): InviteLink {
  const found = state.links.get(hashOfLink(link));
  if (found === undefined) throw new RpcError(400, "INVITE_HASH_INVALID");
  if (!found.isUsable(state.nowS())) throw new RpcError(400, "INVITE_HASH_EXPIRED");
  return found;
}

export function createLink(
  state: WorldState,
  chat: Chat,
  admin: Person,
  options: Omit<InviteLinkDetails, "chatId" | "adminId" | "dateS">,
): InviteLink {
  const link = new InviteLink({ ...options, chatId: chat.id, adminId: admin.id, dateS: state.nowS() });
  chat.links.set(link.hash, link);
  state.links.set(link.hash, link);
  return link;
}

/**
 * Goes in by a link.
 *
 * @throws {RpcError} `INVITE_REQUEST_SENT` when an admin must agree first, `USER_ALREADY_PARTICIPANT`
 */
export function joinByLink(state: WorldState, batch: UpdateBatch, person: Person, link: InviteLink): Chat {
  const chat = state.chat(link.chatId);
  if (chat.has(person.id)) throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
  if (chat.isBanned(person.id)) throw new RpcError(400, "INVITE_HASH_EXPIRED");
  if (link.needsApproval) {
    askToJoin(state, batch, chat, person, { link, about: null });
    // The admins must hear of it although the call ends in an error, as Telegram has it.
    batch.commit();
    throw new RpcError(400, "INVITE_REQUEST_SENT");
  }
  link.importers.push({ userId: person.id, dateS: state.nowS(), approvedById: null });
  enter(state, batch, chat, person, { kind: "link", linkOwnerId: link.adminId });
  return chat;
}

export function askToJoin(
  state: WorldState,
  batch: UpdateBatch,
  chat: Chat,
  person: Person,
  { link, about }: { readonly link: InviteLink | null; readonly about: string | null },
): void {
  if (chat.has(person.id)) throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
  chat.joinRequests.set(person.id, { userId: person.id, dateS: state.nowS(), about, link });
  tellAdmins(batch, chat);
}

/** @throws {RpcError} `HIDE_REQUESTER_MISSING` when they did not ask */
export function answerJoinRequest(
  state: WorldState,
  batch: UpdateBatch,
  admin: Person,
  chat: Chat,
  person: Person,
  isApproved: boolean,
): void {
  const request = chat.joinRequests.get(person.id);
  if (request === undefined) throw new RpcError(400, "HIDE_REQUESTER_MISSING");
  chat.joinRequests.delete(person.id);
  if (isApproved) {
    request.link?.importers.push({ userId: person.id, dateS: state.nowS(), approvedById: admin.id });
    enter(state, batch, chat, person, { kind: "request" });
  }
  tellAdmins(batch, chat);
}

function tellAdmins(batch: UpdateBatch, chat: Chat): void {
  const requesters = [...chat.joinRequests.keys()];
  for (const userId of chat.members.keys()) {
    if (!chat.isAllowed(userId, "invite_users")) continue;
    batch.add(userId, {
      name: "updatePendingJoinRequests",
      peerIds: [chat.id, ...requesters],
      view: () => ({
        _: "updatePendingJoinRequests",
        peer: peerOf(chat.id),
        requests_pending: requesters.length,
        recent_requesters: requesters.slice(-3).map(bareId),
      }),
    });
  }
}
