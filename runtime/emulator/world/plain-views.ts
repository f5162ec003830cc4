import { type Authorization, isImported } from "./authorizations.ts";
import type { BoxMessage } from "./box-message.ts";
import type { Chat, ChatKind } from "./chat.ts";
import type { InviteLink } from "./invite-link.ts";
import { isOutgoingFor } from "./message-view.ts";
import type { PeerId } from "./peer-id.ts";
import type { InvitePrivacy, Person } from "./person.ts";
import type { Media } from "./post.ts";
import type { WorldState } from "./world-state.ts";

/** A person as the control shows them; ids are decimal strings, chats in the marked form. */
export interface UserView {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly phone: string | null;
  readonly isBot: boolean;
  readonly homeDataCentreId: number;
  readonly hasPassword: boolean;
  readonly invites: InvitePrivacy;
}

export interface ChatView {
  readonly id: string;
  readonly kind: ChatKind;
  readonly title: string;
  readonly username: string | null;
  readonly creatorId: string;
  readonly memberCount: number;
}

export interface MemberView {
  readonly userId: string;
  readonly role: "creator" | "admin" | "member";
  readonly inviterId: string;
  readonly joinedAtMs: number;
}

export type MediaKind = "photo" | "voice" | "document" | "video" | "audio";

export interface MediaView {
  readonly kind: MediaKind;
  readonly fileName: string | null;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A message as one person's account holds it. */
export interface MessageView {
  readonly id: string;
  readonly chatId: string;
  readonly fromId: string;
  readonly isOutgoing: boolean;
  readonly text: string;
  readonly dateMs: number;
  readonly editedAtMs: number | null;
  readonly replyToId: string | null;
  readonly forwardedFromId: string | null;
  readonly media: MediaView | null;
  readonly reactions: readonly { readonly userId: string; readonly emoji: string }[];
  /** The TL action of a service message, `messageActionChatAddUser`. */
  readonly action: string | null;
}

export interface InviteLinkView {
  readonly url: string;
  readonly adminId: string;
  readonly title: string | null;
  readonly usageCount: number;
  readonly usageLimit: number | null;
  readonly expiresAtMs: number | null;
  readonly needsApproval: boolean;
  readonly isRevoked: boolean;
}

/** A signed-in auth key. */
export interface SessionView {
  /** 16 hex digits. */
  readonly authKeyId: string;
  readonly userId: string;
  readonly dataCentreId: number;
  readonly isImported: boolean;
  readonly deviceModel: string;
  readonly appVersion: string;
  readonly createdAtMs: number;
  readonly activeAtMs: number;
}

export function userView(person: Person): UserView {
  return {
    id: String(person.id),
    firstName: person.firstName,
    lastName: person.lastName,
    username: person.username,
    phone: person.phone,
    isBot: person.isBot,
    homeDataCentreId: person.homeDataCentreId,
    hasPassword: person.password !== null,
    invites: person.invites,
  };
}

export function plainChatView(chat: Chat): ChatView {
  return {
    id: String(chat.id),
    kind: chat.kind,
    title: chat.title,
    username: chat.username,
    creatorId: String(chat.creatorId),
    memberCount: chat.members.size,
  };
}

export function memberViews(chat: Chat): readonly MemberView[] {
  return [...chat.members.values()].map(({ userId, role, inviterId, joinedAtS }) => ({
    userId: String(userId),
    role,
    inviterId: String(inviterId),
    joinedAtMs: joinedAtS * 1000,
  }));
}

export function plainMessageView(viewerId: PeerId, message: BoxMessage): MessageView {
  const { post } = message;
  const replyToId = post.replyTo?.copies.get(message.ownerId);
  return {
    id: String(message.id),
    chatId: String(message.chatId),
    fromId: String(post.fromId),
    isOutgoing: isOutgoingFor(viewerId, message),
    text: post.text,
    dateMs: post.dateS * 1000,
    editedAtMs: post.editDateS === null ? null : post.editDateS * 1000,
    replyToId: replyToId === undefined ? null : String(replyToId),
    forwardedFromId: post.forward === null ? null : String(post.forward.fromId),
    media: post.media === null ? null : mediaView(post.media),
    reactions: [...post.reactions].map(([userId, { emoji }]) => ({ userId: String(userId), emoji })),
    action: post.action?._ ?? null,
  };
}

export function inviteLinkView(link: InviteLink): InviteLinkView {
  return {
    url: link.url,
    adminId: String(link.adminId),
    title: link.title,
    usageCount: link.importers.length,
    usageLimit: link.usageLimit,
    expiresAtMs: link.expireDateS === null ? null : link.expireDateS * 1000,
    needsApproval: link.needsApproval,
    isRevoked: link.isRevoked,
  };
}

export function sessionViews(state: WorldState, userId?: PeerId): readonly SessionView[] {
  return [...state.authorizations.list(userId)].map(sessionView);
}

function sessionView(authorization: Authorization): SessionView {
  const { client } = authorization;
  return {
    authKeyId: authorization.authKeyId,
    userId: String(authorization.userId),
    dataCentreId: authorization.dataCentreId,
    isImported: isImported(authorization),
    deviceModel: client.deviceModel,
    appVersion: client.appVersion,
    createdAtMs: authorization.createdAtS * 1000,
    activeAtMs: authorization.activeAtS * 1000,
  };
}

function mediaView(media: Media): MediaView {
  const { bytes } = media.file;
  const size = {
    sizeBytes: bytes.length,
    sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"),
  };
  if (media.kind === "photo") return { kind: "photo", fileName: null, mimeType: "image/jpeg", ...size };
  const fileName = media.attributes.find(({ _ }) => _ === "documentAttributeFilename")?.file_name;
  return {
    kind: documentKind(media.attributes),
    fileName: typeof fileName === "string" ? fileName : null,
    mimeType: media.mimeType,
    ...size,
  };
}

function documentKind(attributes: Extract<Media, { kind: "document" }>["attributes"]): MediaKind {
  for (const attribute of attributes) {
    if (attribute._ === "documentAttributeVideo") return "video";
    if (attribute._ === "documentAttributeAudio") return attribute.voice === true ? "voice" : "audio";
  }
  return "document";
}
