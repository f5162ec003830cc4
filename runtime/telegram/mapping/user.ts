import type { User, UserId, UserStatus } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { userIdOf } from "./peer-id.ts";
import { msOfSeconds } from "./seconds.ts";

/** The contract's user of a TL user; `userEmpty` becomes a deleted account. */
export function mapUser(user: Api.TypeUser): User {
  if (user instanceof Api.UserEmpty) return { ...unknownUser(userIdOf(user.id)), ...deletedNames };
  const names = user.deleted === true ? deletedNames : namesOf(user);
  return {
    id: userIdOf(user.id),
    ...names,
    isBot: user.bot === true,
    isContact: user.contact === true,
    isMutualContact: user.mutualContact === true,
    isSelf: user.self === true,
    isDeleted: user.deleted === true,
    isPremium: user.premium === true,
    isScam: user.scam === true || user.fake === true,
    languageCode: user.langCode ?? null,
  };
}

/** What can be said of a person of whom only the id is known. */
export function unknownUser(id: UserId): User {
  return {
    id,
    firstName: "",
    lastName: "",
    displayName: `User ${id}`,
    username: null,
    isBot: false,
    isContact: false,
    isMutualContact: false,
    isSelf: false,
    isDeleted: false,
    isPremium: false,
    isScam: false,
    languageCode: null,
  };
}

/** The contract's status of a TL status; `null` when Telegram tells none. */
export function mapStatus(status: Api.TypeUserStatus | null | undefined): UserStatus | null {
  if (status instanceof Api.UserStatusOnline) {
    return { state: "online", untilMs: msOfSeconds(status.expires) };
  }
  if (status instanceof Api.UserStatusOffline) {
    return { state: "offline", lastSeenMs: msOfSeconds(status.wasOnline) };
  }
  if (status instanceof Api.UserStatusRecently) return { state: "recently" };
  if (status instanceof Api.UserStatusLastWeek) return { state: "within-week" };
  if (status instanceof Api.UserStatusLastMonth) return { state: "within-month" };
  if (status instanceof Api.UserStatusEmpty) return { state: "long-ago" };
  return null;
}

/** The first active name of those that Telegram lists; collectible names stand in `usernames` alone. */
export function usernameOf(owner: {
  readonly username?: string;
  readonly usernames?: readonly Api.TypeUsername[];
}): string | null {
  return owner.username ?? owner.usernames?.find((name) => name.active === true)?.username ?? null;
}

const deletedNames = {
  firstName: "",
  lastName: "",
  displayName: "Deleted account",
  username: null,
  isDeleted: true,
} as const;

function namesOf(user: Api.User): Pick<User, "firstName" | "lastName" | "displayName" | "username"> {
  const firstName = user.firstName ?? "";
  const lastName = user.lastName ?? "";
  const username = usernameOf(user);
  const fullName = `${firstName} ${lastName}`.trim();
  return { firstName, lastName, displayName: fullName || username || `User ${user.id}`, username };
}
