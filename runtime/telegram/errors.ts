import { type ErrorData, TelegraphistError } from "../contract/index.ts";
import { isWait, meaningOf, unknownHint } from "./error-meanings.ts";

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
export const loggedOutCodes: readonly string[] = [
  "AUTH_KEY_UNREGISTERED",
  "AUTH_KEY_INVALID",
  "AUTH_KEY_DUPLICATED",
  "AUTH_KEY_NOT_FOUND",
  "SESSION_REVOKED",
  "SESSION_EXPIRED",
  "USER_DEACTIVATED",
  "USER_DEACTIVATED_BAN",
];

/**
 * Makes Telegram's answer our error. Its code is Telegram's name without the number; the number becomes `data.waitMs`
 * for waits, `data.dataCentreId` for migrations, else `data.value`.
 */
export function rpcError({ rpcCode, text, method }: RpcErrorAnswer): TelegraphistError {
  const { code, value } = nameAndNumber(text);
  const { category, hint: known, retryable } = meaningOf(rpcCode, code);
  const data = numberData(code, value);
  const hint =
    known ?? ("waitMs" in data ? `Telegram wants ${value} s of waiting` : unknownHint(rpcCode, method));
  return new TelegraphistError({
    code,
    category,
    retryable,
    message: `Cannot call "${method}": ${code}${hint === undefined ? "" : `, ${hint}`}`,
    data: { method, rpcCode, ...data },
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

/** Where Telegram says that the account lives (`USER_MIGRATE_2`), not a file or a channel's figures; else `null`. */
export function homeMigrationOf(error: TelegraphistError): number | null {
  return /^(USER|PHONE|NETWORK)_MIGRATE$/.test(error.code) ? migrationOf(error) : null;
}

/** The connection is left for one to the account's new home. */
export function accountMoved(dataCentreId: number): TelegraphistError {
  return new TelegraphistError({
    code: "ACCOUNT_MOVED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go on with the connection to Telegram: the account lives in data centre ${dataCentreId} now`,
    data: { dataCentreId },
  });
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

/**
 * The server did not take a message, and the session has to begin anew: nothing of it was carried out.
 *
 * @param refusal the code of `bad_msg_notification`
 */
export function messageRefused(refusal: number): TelegraphistError {
  return new TelegraphistError({
    code: "MESSAGE_REFUSED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go on with the connection to Telegram: it refuses messages with code ${refusal}`,
    data: { refusal },
  });
}

function nameAndNumber(text: string): { readonly code: string; readonly value: number | null } {
  const found = /_(\d+)(?=_|$)/.exec(text);
  if (found === null) return { code: text, value: null };
  return { code: text.replace(found[0], ""), value: Number(found[1]) };
}

function numberData(code: string, value: number | null): ErrorData {
  if (value === null) return {};
  if (code.endsWith("_MIGRATE")) return { dataCentreId: value };
  // Telegram counts waits in seconds.
  if (isWait(code)) return { waitMs: value * 1000 };
  return { value };
}
