import type { UserId } from "./ids.ts";

/** A person or a bot as the account sees it. Names are what Telegram shows; they may be empty strings, never absent. */
export interface User {
  readonly id: UserId;
  readonly firstName: string;
  readonly lastName: string;
  /** First and last name joined, else the username, else `"Deleted account"`; never empty. */
  readonly displayName: string;
  /** Without the `@`; `null` when the person has none. */
  readonly username: string | null;
  readonly isBot: boolean;
  /** In the account's contact list. */
  readonly isContact: boolean;
  readonly isMutualContact: boolean;
  /** The account's own user. */
  readonly isSelf: boolean;
  readonly isDeleted: boolean;
  readonly isPremium: boolean;
  /** Marked by Telegram as scam or fake. */
  readonly isScam: boolean;
  /** IETF tag of the person's app, when Telegram tells it. */
  readonly languageCode: string | null;
}

/** How recently a person was seen; Telegram gives the exact time only to some. */
export type UserStatus =
  | { readonly state: "online"; readonly untilMs: number }
  | { readonly state: "offline"; readonly lastSeenMs: number }
  | { readonly state: "recently" }
  | { readonly state: "within-week" }
  | { readonly state: "within-month" }
  | { readonly state: "long-ago" };
