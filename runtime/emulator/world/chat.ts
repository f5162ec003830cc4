import type { InviteLink } from "./invite-link.ts";
import { MessageBox } from "./message-box.ts";
import { isChannelId, type PeerId } from "./peer-id.ts";

export type ChatKind = "group" | "supergroup" | "channel";

/** Names of TL `chatAdminRights` flags. */
export type AdminRights = ReadonlySet<string>;

export interface Member {
  readonly userId: PeerId;
  readonly inviterId: PeerId;
  readonly joinedAtS: number;
  role: "creator" | "admin" | "member";
  adminRights: AdminRights;
  promotedById: PeerId;
  /** Channels and supergroups only; those of a basic group are in the person's box. */
  readInboxMaxId: number;
}

/** What someone may not do (names of TL `chatBannedRights` flags); with `view_messages` they are out. */
export interface Ban {
  readonly rights: ReadonlySet<string>;
  readonly untilS: number;
  readonly byId: PeerId;
  readonly dateS: number;
}

export interface JoinRequest {
  readonly userId: PeerId;
  readonly dateS: number;
  readonly about: string | null;
  readonly link: InviteLink | null;
}

export interface ChatDetails {
  readonly id: PeerId;
  readonly kind: ChatKind;
  readonly title: string;
  readonly about: string;
  readonly creatorId: PeerId;
  readonly dateS: number;
}

/** A basic group, supergroup, or channel. */
export class Chat {
  readonly id: PeerId;
  readonly kind: ChatKind;
  readonly creatorId: PeerId;
  readonly dateS: number;
  readonly members = new Map<PeerId, Member>();
  readonly bans = new Map<PeerId, Ban>();
  /** People who went by themselves; only a mutual contact may add them again. */
  readonly leavers = new Set<PeerId>();
  readonly links = new Map<string, InviteLink>();
  readonly joinRequests = new Map<PeerId, JoinRequest>();
  /** The messages of a supergroup or channel; null for a basic group, whose members each have their own. */
  readonly box: MessageBox | null;
  title: string;
  about: string;
  username: string | null = null;
  /** How far others have read what was sent here. */
  readOutboxMaxId = 0;
  pinnedId: number | null = null;
  /** Counts changes of a basic group's members. */
  version = 1;

  constructor({ id, kind, title, about, creatorId, dateS }: ChatDetails) {
    this.id = id;
    this.kind = kind;
    this.title = title;
    this.about = about;
    this.creatorId = creatorId;
    this.dateS = dateS;
    this.box = isChannelId(id) ? new MessageBox(id) : null;
  }

  has(userId: PeerId): boolean {
    return this.members.has(userId);
  }

  /** Whether someone is shut out. */
  isBanned(userId: PeerId): boolean {
    return this.bans.get(userId)?.rights.has("view_messages") ?? false;
  }

  /** Whether they are creator, or an admin with the right. */
  isAllowed(userId: PeerId, right: string): boolean {
    const member = this.members.get(userId);
    return member?.role === "creator" || (member?.adminRights.has(right) ?? false);
  }

  canInvite(userId: PeerId): boolean {
    return this.kind === "channel" ? this.isAllowed(userId, "invite_users") : this.has(userId);
  }

  canPost(userId: PeerId): boolean {
    if (this.kind === "channel") return this.isAllowed(userId, "post_messages");
    return this.has(userId) && !this.bans.get(userId)?.rights.has("send_messages");
  }
}
