import { RpcError } from "../methods/rpc.ts";
import type { TlObject } from "../tl/value.ts";
import { type AdminRights, Chat, type ChatKind, type Member } from "./chat.ts";
import { allAdminRights, groupParticipantsView } from "./chat-view.ts";
import { bareId, type PeerId } from "./peer-id.ts";
import type { Person } from "./person.ts";
import { publish } from "./posting.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldState } from "./world-state.ts";

/** How someone came in. */
export type Entry =
  | { readonly kind: "added"; readonly by: Person }
  | { readonly kind: "joined" }
  | { readonly kind: "link"; readonly linkOwnerId: PeerId }
  | { readonly kind: "request" };

const noRights: AdminRights = new Set();

/** Makes a chat with its creator in it; a basic group starts with its first members as well. */
export function createChat(
  state: WorldState,
  batch: UpdateBatch,
  creator: Person,
  details: { readonly kind: ChatKind; readonly title: string; readonly about?: string },
  firstMembers: readonly Person[] = [],
): Chat {
  const title = details.title.trim();
  if (title === "" || title.length > 255) throw new RpcError(400, "CHAT_TITLE_EMPTY");
  const chat = new Chat({
    id: state.nextChatId(details.kind !== "group"),
    kind: details.kind,
    title,
    about: details.about ?? "",
    creatorId: creator.id,
    dateS: state.nowS(),
  });
  state.chats.set(chat.id, chat);
  admit(state, chat, creator, creator.id, "creator");
  for (const person of firstMembers) admit(state, chat, person, creator.id, "member");
  const action =
    details.kind === "group"
      ? { _: "messageActionChatCreate", title, users: [...chat.members.keys()].map(bareId) }
      : { _: "messageActionChannelCreate", title };
  publish(state, batch, creator, chat, { action });
  if (chat.kind !== "group") tellOfChannel(batch, chat, creator.id);
  return chat;
}

/** Lets someone in, whatever the rights, and says so in the chat. */
export function enter(state: WorldState, batch: UpdateBatch, chat: Chat, person: Person, entry: Entry): void {
  const inviterId =
    entry.kind === "added" ? entry.by.id : entry.kind === "link" ? entry.linkOwnerId : person.id;
  admit(state, chat, person, inviterId, "member");
  chat.joinRequests.delete(person.id);
  chat.leavers.delete(person.id);
  if (chat.kind !== "group") tellOfChannel(batch, chat, person.id);
  if (chat.kind === "channel") return;
  publish(state, batch, entry.kind === "added" ? entry.by : person, chat, {
    action: entryAction(person, entry),
  });
  if (chat.kind === "group") tellGroup(batch, chat);
}

/** Takes someone out: by themselves, or by another. */
export function exit(state: WorldState, batch: UpdateBatch, chat: Chat, person: Person, by: Person): void {
  if (!chat.has(person.id)) throw new RpcError(400, "USER_NOT_PARTICIPANT");
  if (chat.kind !== "channel") {
    publish(state, batch, by, chat, {
      action: { _: "messageActionChatDeleteUser", user_id: bareId(person.id) },
    });
  }
  chat.members.delete(person.id);
  person.chatIds.delete(chat.id);
  chat.version += 1;
  if (by === person) chat.leavers.add(person.id);
  if (chat.kind === "group") tellGroup(batch, chat);
  else tellOfChannel(batch, chat, person.id);
}

/**
 * Adds people who can be added and names those whose privacy refuses it (`missing_invitees`).
 *
 * @throws {RpcError} when the inviter may not add, or someone cannot be added for good
 */
export function invite(
  state: WorldState,
  batch: UpdateBatch,
  inviter: Person,
  chat: Chat,
  people: readonly Person[],
): readonly Person[] {
  if (!chat.has(inviter.id)) throw new RpcError(400, "CHANNEL_PRIVATE");
  if (!chat.canInvite(inviter.id)) throw new RpcError(403, "CHAT_ADMIN_REQUIRED");
  for (const person of people) checkCanCome(chat, inviter, person);
  const missing: Person[] = [];
  for (const person of people) {
    if (chat.has(person.id)) continue;
    if (person.canBeAddedBy(inviter)) enter(state, batch, chat, person, { kind: "added", by: inviter });
    else missing.push(person);
  }
  return missing;
}

export function promote(member: Member, rights: AdminRights, byId: PeerId): void {
  member.role = rights.size > 0 ? "admin" : "member";
  member.adminRights = rights;
  member.promotedById = byId;
}

/** The chat looks different to someone now: they came, went, or got other rights. */
export function tellOfChannel(batch: UpdateBatch, chat: Chat, userId: PeerId): void {
  batch.add(userId, {
    name: "updateChannel",
    peerIds: [chat.id],
    view: () => ({ _: "updateChannel", channel_id: bareId(chat.id) }),
  });
}

function tellGroup(batch: UpdateBatch, chat: Chat): void {
  const participants = groupParticipantsView(chat);
  const peerIds = [chat.id, ...chat.members.keys()];
  for (const userId of chat.members.keys()) {
    batch.add(userId, {
      name: "updateChatParticipants",
      peerIds,
      view: () => ({ _: "updateChatParticipants", participants }),
    });
  }
}

function checkCanCome(chat: Chat, inviter: Person, person: Person): void {
  if (chat.isBanned(person.id) && !chat.isAllowed(inviter.id, "ban_users")) {
    throw new RpcError(400, "USER_KICKED");
  }
  if (person.isBot && chat.kind === "channel") throw new RpcError(400, "USER_BOT");
  const isMutual = person.contacts.has(inviter.id) && inviter.contacts.has(person.id);
  if (chat.leavers.has(person.id) && !isMutual) throw new RpcError(403, "USER_NOT_MUTUAL_CONTACT");
}

function admit(
  state: WorldState,
  chat: Chat,
  person: Person,
  inviterId: PeerId,
  role: "creator" | "member",
): void {
  chat.bans.delete(person.id);
  chat.members.set(person.id, {
    userId: person.id,
    inviterId,
    joinedAtS: state.nowS(),
    role,
    adminRights: role === "creator" ? allAdminRights : noRights,
    promotedById: inviterId,
    readInboxMaxId: chat.box?.thread(chat.id).ids.at(-1) ?? 0,
  });
  chat.version += 1;
  person.chatIds.add(chat.id);
}

function entryAction(person: Person, entry: Entry): TlObject {
  switch (entry.kind) {
    case "added":
    case "joined":
      return { _: "messageActionChatAddUser", users: [bareId(person.id)] };
    case "link":
      return { _: "messageActionChatJoinedByLink", inviter_id: bareId(entry.linkOwnerId) };
    case "request":
      return { _: "messageActionChatJoinedByRequest" };
    default:
      return entry satisfies never;
  }
}
