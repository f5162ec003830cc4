import { type ErrorCategory, type ErrorData, TelegraphistError } from "../contract/index.ts";

/** An `rpc_error` as it stands on the wire. */
export interface RpcErrorAnswer {
  /** Like an HTTP status: 303, 400, 401, 403, 404, 406, 420, 500. */
  readonly rpcCode: number;
  /** Telegram's name, with a number inside where there is one: `FLOOD_WAIT_30`. */
  readonly text: string;
  /** The method that failed, by its TL name. */
  readonly method: string;
}

/** The session is gone for good: only a new login helps, and that is the person's to do. */
const loggedOutCodes: readonly string[] = [
  "AUTH_KEY_UNREGISTERED",
  "AUTH_KEY_INVALID",
  "AUTH_KEY_DUPLICATED",
  "AUTH_KEY_NOT_FOUND",
  "SESSION_REVOKED",
  "SESSION_EXPIRED",
  "USER_DEACTIVATED",
  "USER_DEACTIVATED_BAN",
];

/** `FLOOD_WAIT`, `FLOOD_PREMIUM_WAIT`, `SLOWMODE_WAIT`, `SESSION_TOO_FRESH`, `TAKEOUT_INIT_DELAY`, ... */
const waitName = /(_WAIT|_TOO_FRESH|_INIT_DELAY)$/;

interface Meaning {
  readonly category: ErrorCategory;
  /** What it means, and what to do where something can be done. */
  readonly hint?: string;
  /** @default false */
  readonly retryable?: boolean;
}

/**
 * Errors that mean more than their number says. Source: core.telegram.org/api/errors and the method pages there.
 */
const meanings: ReadonlyMap<string, Meaning> = new Map(
  Object.entries<Meaning>({
    AUTH_RESTART: { category: "AUTH", hint: "begin the login anew", retryable: true },
    PHONE_NUMBER_INVALID: {
      category: "AUTH",
      hint: "give the number in international form, with + and the country's code",
    },
    PHONE_NUMBER_BANNED: { category: "AUTH", hint: "Telegram has banned the number" },
    PHONE_NUMBER_FLOOD: {
      category: "AUTH",
      hint: "too many codes were asked for, try again in a day",
    },
    PHONE_NUMBER_UNOCCUPIED: {
      category: "AUTH",
      hint: "no account has the number, sign up in an official app first",
    },
    PHONE_PASSWORD_FLOOD: {
      category: "AUTH",
      hint: "too many passwords were tried, wait a day",
    },
    PHONE_CODE_INVALID: { category: "AUTH", hint: "the code is wrong, look at the latest one" },
    PHONE_CODE_EMPTY: { category: "AUTH", hint: "no code was given" },
    PHONE_CODE_EXPIRED: { category: "AUTH", hint: "the code is too old, ask for a new one" },
    PHONE_CODE_HASH_EMPTY: { category: "AUTH", hint: "begin the login anew" },
    SESSION_PASSWORD_NEEDED: {
      category: "AUTH",
      hint: "the account has two-step verification, give its password",
    },
    PASSWORD_HASH_INVALID: { category: "AUTH", hint: "the two-step verification password is wrong" },
    SRP_ID_INVALID: { category: "AUTH", hint: "the password check is too old, try again", retryable: true },
    AUTH_KEY_UNREGISTERED: { category: "AUTH", hint: "the session is logged out, log in again" },
    AUTH_KEY_INVALID: { category: "AUTH", hint: "the session is logged out, log in again" },
    AUTH_KEY_DUPLICATED: {
      category: "AUTH",
      hint: "the session was used from two places at once and is dead, log in again",
    },
    SESSION_REVOKED: {
      category: "AUTH",
      hint: "the session was ended from another device, log in again",
    },
    SESSION_EXPIRED: { category: "AUTH", hint: "the session has expired, log in again" },
    USER_DEACTIVATED: { category: "AUTH", hint: "the account is deleted" },
    USER_DEACTIVATED_BAN: { category: "AUTH", hint: "Telegram has banned the account" },
    API_ID_INVALID: {
      category: "AUTH",
      hint: "telegram.apiId and telegram.apiHash do not fit, see my.telegram.org",
    },
    API_ID_PUBLISHED_FLOOD: { category: "AUTH", hint: "use an API id of your own from my.telegram.org" },
    PEER_FLOOD: {
      category: "FLOOD_BLOCK",
      hint: "Telegram takes the account for a spammer, see @SpamBot and stop for a day",
    },
    FROZEN_METHOD_INVALID: {
      category: "FLOOD_BLOCK",
      hint: "the account is frozen, appeal in an official app",
    },
    FROZEN_PARTICIPANT_MISSING: { category: "FLOOD_BLOCK", hint: "the account is frozen" },
    USER_PRIVACY_RESTRICTED: { category: "PRIVACY", hint: "the person's settings refuse it" },
    USER_NOT_MUTUAL_CONTACT: {
      category: "PRIVACY",
      hint: "the person left before and has to be a mutual contact",
    },
    YOU_BLOCKED_USER: { category: "RIGHTS", hint: "the account has blocked the person" },
    USER_IS_BLOCKED: { category: "PRIVACY", hint: "the person has blocked the account" },
    VOICE_MESSAGES_FORBIDDEN: { category: "PRIVACY", hint: "the person's settings refuse it" },
    PRIVACY_PREMIUM_REQUIRED: {
      category: "PRIVACY",
      hint: "the person takes messages from Premium users only",
    },
    CHAT_ADMIN_REQUIRED: { category: "RIGHTS", hint: "the account is not an administrator there" },
    CHAT_WRITE_FORBIDDEN: { category: "RIGHTS", hint: "the account may not write there" },
    CHANNEL_PRIVATE: { category: "RIGHTS", hint: "the account is not in the chat" },
    USER_BANNED_IN_CHANNEL: { category: "RIGHTS", hint: "the account may not write in public groups" },
    CHAT_SEND_MEDIA_FORBIDDEN: { category: "RIGHTS" },
    CHAT_RESTRICTED: { category: "RIGHTS" },
    USER_CHANNELS_TOO_MUCH: { category: "RIGHTS", hint: "the person is in too many channels" },
    USER_KICKED: { category: "RIGHTS", hint: "the person was removed from the chat" },
    USER_NOT_PARTICIPANT: { category: "NOT_FOUND", hint: "the person is not in the chat" },
    USERNAME_NOT_OCCUPIED: { category: "NOT_FOUND", hint: "nobody has the username" },
    PEER_ID_INVALID: { category: "NOT_FOUND", hint: "the account has not met the peer" },
    FILE_REFERENCE_EXPIRED: { category: "NOT_FOUND", hint: "the message has to be fetched again" },
    FILE_REFERENCE_INVALID: { category: "NOT_FOUND", hint: "the message has to be fetched again" },
    INVITE_HASH_EXPIRED: { category: "NOT_FOUND", hint: "the invite link is too old" },
    CONNECTION_NOT_INITED: { category: "NETWORK", retryable: true },
    RANDOM_ID_DUPLICATE: { category: "INVALID", hint: "Telegram has taken that send before" },
    RPC_CALL_FAIL: { category: "NETWORK", retryable: true },
    RPC_MCGET_FAIL: { category: "NETWORK", retryable: true },
    MSG_WAIT_FAILED: { category: "NETWORK", retryable: true },
    PERSISTENT_TIMESTAMP_OUTDATED: { category: "NETWORK", retryable: true },
    HISTORY_GET_FAILED: { category: "NETWORK", retryable: true },
  }),
);

/**
 * Makes Telegram's answer our error. Its code is Telegram's name without the number; the number becomes `data.waitMs`
 * for waits, `data.dataCentreId` for migrations, else `data.value`.
 */
export function rpcError({ rpcCode, text, method }: RpcErrorAnswer): TelegraphistError {
  const { code, value } = nameAndNumber(text);
  const meaning = meanings.get(code) ?? meaningByPattern(rpcCode, code);
  return new TelegraphistError({
    code,
    category: meaning.category,
    retryable: meaning.retryable ?? false,
    message: `Cannot call "${method}": ${code}${meaning.hint === undefined ? "" : `, ${meaning.hint}`}`,
    data: { method, rpcCode, ...numberData(code, value) },
  });
}

/** Whether the session is over and only a new login helps; a flood wait or a network failure never says so. */
export function isLoggedOut(error: TelegraphistError): boolean {
  return loggedOutCodes.includes(error.code);
}

/** The time that Telegram told to wait, in milliseconds; `null` when the error names none. */
export function waitMsOf(error: TelegraphistError): number | null {
  const { waitMs } = error.data;
  return error.category === "FLOOD_WAIT" && typeof waitMs === "number" ? waitMs : null;
}

/** The data centre that the request has to go to instead (`PHONE_MIGRATE_2`); `null` for other errors. */
export function migrationOf(error: TelegraphistError): number | null {
  const { dataCentreId } = error.data;
  return error.code.endsWith("_MIGRATE") && typeof dataCentreId === "number" ? dataCentreId : null;
}

/** The connection ended before the answer came; whether the request was carried out is not known. */
export function connectionLost(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "CONNECTION_LOST",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go on with the connection to Telegram: ${reason}`,
  });
}

function nameAndNumber(text: string): { readonly code: string; readonly value: number | null } {
  const found = /_(\d+)(?=_|$)/.exec(text);
  if (found === null) return { code: text, value: null };
  return { code: text.replace(found[0], ""), value: Number(found[1]) };
}

function meaningByPattern(rpcCode: number, code: string): Meaning {
  if (waitName.test(code)) return { category: "FLOOD_WAIT", retryable: true };
  if (rpcCode === 401) return { category: "AUTH" };
  if (rpcCode === 403) return { category: "RIGHTS" };
  if (rpcCode === 404 || /_NOT_(FOUND|EXIST|OCCUPIED)$/.test(code)) return { category: "NOT_FOUND" };
  if (rpcCode >= 500 || rpcCode < 0) return { category: "NETWORK", retryable: true };
  return { category: "INVALID" };
}

function numberData(code: string, value: number | null): ErrorData {
  if (value === null) return {};
  if (code.endsWith("_MIGRATE")) return { dataCentreId: value };
  // Telegram counts waits in seconds.
  if (waitName.test(code)) return { waitMs: value * 1000 };
  return { value };
}
