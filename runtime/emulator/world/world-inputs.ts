import type { CodesBy } from "./login-codes.ts";
import type { OutgoingFile } from "./outgoing-file.ts";
import type { InvitePrivacy } from "./person.ts";

export interface NewUser {
  readonly firstName: string;
  readonly lastName?: string | undefined;
  readonly username?: string | undefined;
  /** Any writing of it; kept as digits. */
  readonly phone?: string | undefined;
  /** 2FA */
  readonly password?: string | undefined;
  readonly passwordHint?: string | undefined;
  readonly isBot?: boolean | undefined;
  /** Who may add them to chats. @default "everyone" */
  readonly invites?: InvitePrivacy | undefined;
  /** Where login codes go; by `email-setup` Telegram wants an address to be named first. @default "phone" */
  readonly codesBy?: CodesBy | undefined;
  /** @default the lowest */
  readonly homeDataCentreId?: number | undefined;
}

export interface NewChat {
  readonly title: string;
  readonly creatorId: string;
  /** Supergroups and channels only. */
  readonly username?: string | undefined;
  readonly memberIds?: readonly string[] | undefined;
}

export interface NewMessage {
  readonly fromId: string;
  /** In a private chat the other person's id. */
  readonly chatId: string;
  readonly text?: string | undefined;
  readonly media?: OutgoingFile | undefined;
  readonly replyToId?: string | undefined;
}

/** A message as the person who acts on it numbers it. */
export interface MessageAddress {
  readonly userId: string;
  readonly chatId: string;
  readonly messageId: string;
}

export interface NewInviteLink {
  readonly chatId: string;
  readonly adminId: string;
  readonly title?: string | undefined;
  readonly needsApproval?: boolean | undefined;
  readonly usageLimit?: number | undefined;
  readonly expiresAtMs?: number | undefined;
}
