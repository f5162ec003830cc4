import type { TlObject } from "../tl/value.ts";
import type { AdminRights, Ban, Chat, Member } from "./chat.ts";
import { bareId, type PeerId, peerOf } from "./peer-id.ts";
import type { WorldState } from "./world-state.ts";

/** Every right that a creator has. */
export const allAdminRights: AdminRights = new Set([
  "change_info",
  "post_messages",
  "edit_messages",
  "delete_messages",
  "ban_users",
  "invite_users",
  "pin_messages",
  "add_admins",
  "manage_call",
  "other",
]);

/** A chat as a viewer sees it. */
export function chatView(state: WorldState, viewerId: PeerId, chat: Chat): TlObject {
  return chat.box === null ? groupView(viewerId, chat) : channelView(state, viewerId, chat);
}

function groupView(viewerId: PeerId, chat: Chat): TlObject {
  if (chat.isBanned(viewerId)) return { _: "chatForbidden", id: bareId(chat.id), title: chat.title };
  const member = chat.members.get(viewerId);
  return {
    _: "chat",
    creator: chat.creatorId === viewerId,
    left: member === undefined,
    id: bareId(chat.id),
    title: chat.title,
    photo: { _: "chatPhotoEmpty" },
    participants_count: chat.members.size,
    date: member?.joinedAtS ?? chat.dateS,
    version: chat.version,
    ...(isAdmin(member) && { admin_rights: adminRightsView(member.adminRights) }),
    default_banned_rights: bannedRightsView(new Set(), 0),
  };
}

function channelView(state: WorldState, viewerId: PeerId, chat: Chat): TlObject {
  const isBroadcast = chat.kind === "channel";
  const identity = {
    broadcast: isBroadcast,
    megagroup: !isBroadcast,
    id: bareId(chat.id),
    access_hash: state.accessHash(viewerId, chat.id),
    title: chat.title,
  };
  if (chat.isBanned(viewerId)) return { _: "channelForbidden", ...identity };
  const member = chat.members.get(viewerId);
  const ban = chat.bans.get(viewerId);
  return {
    _: "channel",
    ...identity,
    creator: chat.creatorId === viewerId,
    left: member === undefined,
    ...(chat.username !== null && { username: chat.username }),
    photo: { _: "chatPhotoEmpty" },
    date: member?.joinedAtS ?? chat.dateS,
    ...(isAdmin(member) && { admin_rights: adminRightsView(member.adminRights) }),
    ...(ban !== undefined && { banned_rights: bannedRightsView(ban.rights, ban.untilS) }),
    ...(!isBroadcast && { default_banned_rights: bannedRightsView(new Set(), 0) }),
    participants_count: chat.members.size,
  };
}

/** An entry of `channels.getParticipants`. */
export function channelParticipantView(viewerId: PeerId, member: Member): TlObject {
  const userId = bareId(member.userId);
  const rights = adminRightsView(member.adminRights);
  const inviterId = bareId(member.inviterId);
  if (member.role === "creator")
    return { _: "channelParticipantCreator", user_id: userId, admin_rights: rights };
  if (member.role === "admin") {
    return {
      _: "channelParticipantAdmin",
      self: member.userId === viewerId,
      user_id: userId,
      inviter_id: inviterId,
      promoted_by: bareId(member.promotedById),
      date: member.joinedAtS,
      admin_rights: rights,
    };
  }
  return member.userId === viewerId
    ? { _: "channelParticipantSelf", user_id: userId, inviter_id: inviterId, date: member.joinedAtS }
    : { _: "channelParticipant", user_id: userId, date: member.joinedAtS };
}

export function bannedParticipantView(userId: PeerId, ban: Ban): TlObject {
  return {
    _: "channelParticipantBanned",
    left: ban.rights.has("view_messages"),
    peer: peerOf(userId),
    kicked_by: bareId(ban.byId),
    date: ban.dateS,
    banned_rights: bannedRightsView(ban.rights, ban.untilS),
  };
}

/** The members of a basic group, as `chatParticipants`. */
export function groupParticipantsView(chat: Chat): TlObject {
  return {
    _: "chatParticipants",
    chat_id: bareId(chat.id),
    participants: [...chat.members.values()].map(groupParticipantView),
    version: chat.version,
  };
}

function groupParticipantView(member: Member): TlObject {
  const userId = bareId(member.userId);
  if (member.role === "creator") return { _: "chatParticipantCreator", user_id: userId };
  return {
    _: member.role === "admin" ? "chatParticipantAdmin" : "chatParticipant",
    user_id: userId,
    inviter_id: bareId(member.inviterId),
    date: member.joinedAtS,
  };
}

export function adminRightsView(rights: AdminRights): TlObject {
  return { _: "chatAdminRights", ...flagsOf(rights) };
}

function bannedRightsView(rights: ReadonlySet<string>, untilS: number): TlObject {
  return { _: "chatBannedRights", ...flagsOf(rights), until_date: untilS };
}

function flagsOf(names: ReadonlySet<string>): Record<string, true> {
  return Object.fromEntries([...names].map((name) => [name, true] as const));
}

function isAdmin(member: Member | undefined): member is Member {
  return member !== undefined && member.role !== "member";
}
