import type { CodesBy } from "./login-codes.ts";
import { MessageBox } from "./message-box.ts";
import type { PeerId } from "./peer-id.ts";
import type { PasswordVerifier } from "./srp.ts";

/** Whom a person lets add them to chats. */
export type InvitePrivacy = "everyone" | "contacts" | "nobody";

export interface PersonDetails {
  readonly id: PeerId;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly username: string | null;
  /** Digits only. */
  readonly phone: string | null;
  readonly isBot: boolean;
  readonly homeDataCentreId: number;
  readonly password: PasswordVerifier | null;
  readonly passwordHint: string | null;
  readonly invites: InvitePrivacy;
  readonly codesBy: CodesBy;
}

/** A person or bot, with the box that their private chats and basic groups are in. */
export class Person {
  readonly id: PeerId;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly isBot: boolean;
  readonly password: PasswordVerifier | null;
  readonly passwordHint: string | null;
  readonly codesBy: CodesBy;
  readonly box: MessageBox;
  readonly contacts = new Set<PeerId>();
  readonly blocked = new Set<PeerId>();
  /** Chats that they are in, of every kind. */
  readonly chatIds = new Set<PeerId>();
  username: string | null;
  homeDataCentreId: number;
  invites: InvitePrivacy;
  /** Null while they have never been seen. */
  presence: { readonly state: "online" | "offline"; readonly atS: number } | null = null;

  constructor(details: PersonDetails) {
    this.id = details.id;
    this.firstName = details.firstName;
    this.lastName = details.lastName;
    this.username = details.username;
    this.phone = details.phone;
    this.isBot = details.isBot;
    this.homeDataCentreId = details.homeDataCentreId;
    this.password = details.password;
    this.passwordHint = details.passwordHint;
    this.invites = details.invites;
    this.codesBy = details.codesBy;
    this.box = new MessageBox(details.id);
  }

  /** Whether the privacy setting lets that person add this one to a chat. */
  canBeAddedBy(other: Person): boolean {
    return this.invites === "everyone" || (this.invites === "contacts" && this.contacts.has(other.id));
  }
}
