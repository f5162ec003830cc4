import { randomBytes } from "node:crypto";
import type { PeerId } from "./peer-id.ts";

export interface InviteLinkDetails {
  readonly chatId: PeerId;
  readonly adminId: PeerId;
  readonly dateS: number;
  readonly title?: string | undefined;
  readonly expireDateS?: number | undefined;
  readonly usageLimit?: number | undefined;
  readonly needsApproval?: boolean;
}

/** A link that lets its holder into a chat, or lets them ask. */
export class InviteLink {
  readonly hash = randomBytes(12).toString("base64url");
  readonly chatId: PeerId;
  readonly adminId: PeerId;
  readonly dateS: number;
  readonly importers: {
    readonly userId: PeerId;
    readonly dateS: number;
    readonly approvedById: PeerId | null;
  }[] = [];
  title: string | null;
  expireDateS: number | null;
  usageLimit: number | null;
  needsApproval: boolean;
  isRevoked = false;

  constructor(details: InviteLinkDetails) {
    this.chatId = details.chatId;
    this.adminId = details.adminId;
    this.dateS = details.dateS;
    this.title = details.title ?? null;
    this.expireDateS = details.expireDateS ?? null;
    this.usageLimit = details.usageLimit ?? null;
    this.needsApproval = details.needsApproval ?? false;
  }

  get url(): string {
    return `https://t.me/+${this.hash}`;
  }

  isUsable(nowS: number): boolean {
    if (this.isRevoked || (this.expireDateS !== null && this.expireDateS <= nowS)) return false;
    return this.usageLimit === null || this.importers.length < this.usageLimit;
  }
}

/** The part of a link by which the server knows it; the text itself when it is no link. */
export function hashOfLink(link: string): string {
  return link.replace(/^.*(?:\/\+|\/joinchat\/)/, "");
}
