import type { ErrorCategory } from "../contract/index.ts";

/** What an error of Telegram is about. */
export interface ErrorMeaning {
  readonly category: ErrorCategory;
  /** What it means, and what to do where something can be done. */
  readonly hint?: string;
  readonly retryable: boolean;
}

/** By category and Telegram's name, what a person is told; empty where the name says it all. */
const hints: Partial<Record<ErrorCategory, Readonly<Record<string, string>>>> = {
  AUTH: {
    AUTH_RESTART: "begin the login anew",
    PHONE_NUMBER_INVALID: "give the number in international form, with + and the country's code",
    PHONE_NUMBER_BANNED: "Telegram has banned the number, appeal in an official app or give another",
    PHONE_NUMBER_FLOOD: "too many codes were asked for, try again in a day",
    PHONE_NUMBER_UNOCCUPIED: "no account has the number, sign up in an official app first",
    PHONE_PASSWORD_FLOOD: "too many passwords were tried, wait a day",
    PHONE_CODE_INVALID: "the code is wrong, look at the latest one",
    PHONE_CODE_EMPTY: "no code was given, give the one that Telegram sent",
    PHONE_CODE_EXPIRED: "the code was too old, give the new one that was sent just now",
    CODE_INVALID: "the code is wrong, look at the latest e-mail",
    EMAIL_VERIFY_EXPIRED: "the code was too old, give the new one that was sent just now",
    SEND_CODE_UNAVAILABLE: "no other way to send a code is left, use the latest one",
    PHONE_NUMBER_APP_SIGNUP_FORBIDDEN: "no account has the number, sign up in an official app first",
    UPDATE_APP_TO_LOGIN: "Telegram wants a newer program than this, update Telegraphist or log in by QR code",
    AUTH_TOKEN_EXPIRED: "the QR code is too old, scan the latest one",
    AUTH_TOKEN_INVALID: "the QR code is not known, scan the latest one",
    AUTH_TOKEN_ALREADY_ACCEPTED: "the QR code was scanned before, begin the login anew",
    FRESH_RESET_AUTHORISATION_FORBIDDEN:
      "the session is younger than a day and may not end others yet, wait or end them from your phone",
    PHONE_CODE_HASH_EMPTY: "begin the login anew",
    SESSION_PASSWORD_NEEDED: "the account has two-step verification, give its password",
    PASSWORD_HASH_INVALID:
      "the password of two-step verification is wrong, give it anew or reset it in an official app",
    SRP_ID_INVALID: "the password check is too old, try again",
    AUTH_KEY_UNREGISTERED: "the session is logged out, log in again",
    AUTH_KEY_INVALID: "the session is logged out, log in again",
    AUTH_KEY_DUPLICATED: "the session was used from two places at once and is dead, log in again",
    SESSION_REVOKED: "the session was ended from another device, log in again",
    SESSION_EXPIRED: "the session has expired, log in again",
    USER_DEACTIVATED: "the account is deleted, log in with another",
    USER_DEACTIVATED_BAN: "Telegram has banned the account, appeal in an official app",
    API_ID_INVALID: "telegram.apiId and telegram.apiHash do not fit, see my.telegram.org",
    API_ID_PUBLISHED_FLOOD: "use an API id of your own from my.telegram.org",
  },
  FLOOD_BLOCK: {
    PEER_FLOOD: "Telegram takes the account for a spammer, see @SpamBot and stop for a day",
    FROZEN_METHOD_INVALID: "the account is frozen, appeal in an official app",
    FROZEN_PARTICIPANT_MISSING: "the account is frozen",
  },
  PRIVACY: {
    USER_PRIVACY_RESTRICTED: "the person's settings refuse it",
    USER_NOT_MUTUAL_CONTACT: "the person left before and has to be a mutual contact",
    USER_IS_BLOCKED: "the person has blocked the account",
    VOICE_MESSAGES_FORBIDDEN: "the person's settings refuse it",
    PRIVACY_PREMIUM_REQUIRED: "the person takes messages from Premium users only",
  },
  RIGHTS: {
    YOU_BLOCKED_USER: "the account has blocked the person",
    CHAT_ADMIN_REQUIRED: "the account is not an administrator there",
    CHAT_WRITE_FORBIDDEN: "the account may not write there",
    CHANNEL_PRIVATE: "the account is not in the chat",
    USER_BANNED_IN_CHANNEL: "the account may not write in public groups",
    CHAT_SEND_MEDIA_FORBIDDEN: "",
    CHAT_RESTRICTED: "",
    USER_CHANNELS_TOO_MUCH: "the person is in too many channels",
    USER_KICKED: "the person was removed from the chat",
  },
  NOT_FOUND: {
    USER_NOT_PARTICIPANT: "the person is not in the chat",
    USERNAME_NOT_OCCUPIED: "nobody has the username",
    PEER_ID_INVALID: "the account has not met the peer",
    FILE_REFERENCE_EXPIRED: "the message has to be fetched again",
    FILE_REFERENCE_INVALID: "the message has to be fetched again",
    INVITE_HASH_EXPIRED: "the invite link is too old",
  },
  NETWORK: {
    CONNECTION_NOT_INITED: "",
    RPC_CALL_FAIL: "",
    RPC_MCGET_FAIL: "",
    MSG_WAIT_FAILED: "",
    PERSISTENT_TIMESTAMP_OUTDATED: "",
    HISTORY_GET_FAILED: "",
  },
  INVALID: {
    RANDOM_ID_DUPLICATE: "Telegram has taken that send before",
  },
};

/** What a person is told of an error at a login; `null` where there is nothing to add to its name. */
export function loginHint(code: string): string | null {
  return hints.AUTH?.[code] ?? null;
}

/** Codes of a login that `loginHint` has a word on. */
export const loginCodes: readonly string[] = Object.keys(hints.AUTH ?? {});

/** Those of other categories than `NETWORK` that may go well the next time. */
const retryable: readonly string[] = ["AUTH_RESTART", "SRP_ID_INVALID"];

/** `FLOOD_WAIT`, `FLOOD_PREMIUM_WAIT`, `SLOWMODE_WAIT`, `SESSION_TOO_FRESH`, `TAKEOUT_INIT_DELAY`, ... */
const waitName = /(_WAIT|_TOO_FRESH|_INIT_DELAY)$/;

/**
 * Errors that mean more than their number says. Source: core.telegram.org/api/errors and the method pages there.
 */
const meanings: ReadonlyMap<string, ErrorMeaning> = new Map(
  // The keys of `hints` are categories, as its type says.
  (Object.entries(hints) as [ErrorCategory, Readonly<Record<string, string>>][]).flatMap(
    ([category, hintOf]) =>
      Object.entries(hintOf).map(([code, hint]): [string, ErrorMeaning] => [
        code,
        {
          category,
          retryable: category === "NETWORK" || retryable.includes(code),
          ...(hint !== "" && { hint }),
        },
      ]),
  ),
);

/** What an error means, by Telegram's name without its number, else by what its number and its name's form say. */
export function meaningOf(rpcCode: number, code: string): ErrorMeaning {
  return meanings.get(code) ?? meaningByPattern(rpcCode, code);
}

/**
 * What a person is told of an error that is not known here: of a failure of Telegram's own, and of what people call by
 * commands, as a login. Elsewhere the name has to do.
 */
export function unknownHint(rpcCode: number, method: string): string | undefined {
  if (rpcCode >= 500 || rpcCode < 0) return "Telegram has failed at it, try again later";
  if (!/^(auth|account)\./.test(method)) return undefined;
  return "Telegram refuses it for a reason that is not known here, try again later and report the name if it stays";
}

/** Whether the number in an error's name is a time to wait, in seconds. */
export function isWait(code: string): boolean {
  return waitName.test(code);
}

function meaningByPattern(rpcCode: number, code: string): ErrorMeaning {
  if (isWait(code)) return { category: "FLOOD_WAIT", retryable: true };
  if (rpcCode === 401) return { category: "AUTH", retryable: false };
  if (rpcCode === 403) return { category: "RIGHTS", retryable: false };
  if (rpcCode === 404 || /_NOT_(FOUND|EXIST|OCCUPIED)$/.test(code)) {
    return { category: "NOT_FOUND", retryable: false };
  }
  if (rpcCode >= 500 || rpcCode < 0) return { category: "NETWORK", retryable: true };
  return { category: "INVALID", retryable: false };
}
