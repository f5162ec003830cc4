/**
 * What kind of thing went wrong; retry policies and alerts are chosen by it.
 *
 * - `NETWORK`: a socket, a time-out, a server that restarts; the same call may work later.
 * - `FLOOD_WAIT`: there is a time to wait, in `data.waitMs`: one that Telegram named, or the program's own pace.
 * - `FLOOD_BLOCK`: Telegram flagged the account (PEER_FLOOD) or froze it; waiting seconds does not help.
 * - `AUTH`: login, session, password.
 * - `RIGHTS`: Telegram refuses this account that act in that chat.
 * - `PRIVACY`: the other person's settings refuse it.
 * - `PERMISSION`: Telegraphist refuses the plugin, as its YAML entry does not grant it.
 * - `NOT_FOUND`: no such peer, message, file, row.
 * - `INVALID`: the input cannot be used as it is.
 * - `STORAGE`: the database or the disk.
 * - `CONFIG`: the configuration.
 * - `PLUGIN`: a plugin's own code failed.
 * - `CANCELLED`: the caller's signal was aborted, or its deadline passed.
 * - `INTERNAL`: a defect of ours.
 */
export type ErrorCategory =
  | "NETWORK"
  | "FLOOD_WAIT"
  | "FLOOD_BLOCK"
  | "AUTH"
  | "RIGHTS"
  | "PRIVACY"
  | "PERMISSION"
  | "NOT_FOUND"
  | "INVALID"
  | "STORAGE"
  | "CONFIG"
  | "PLUGIN"
  | "CANCELLED"
  | "INTERNAL";

/** Values that may stand in an error's `data`: plain, small, and free of secrets. */
export type ErrorData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface TelegraphistErrorOptions {
  /** `ROOM_REASON` in capitals, or Telegram's own name of an RPC error (`FLOOD_WAIT`, `CHAT_WRITE_FORBIDDEN`). */
  readonly code: string;
  readonly category: ErrorCategory;
  /** Action first, values quoted, state after a colon, no period; never a secret, phone number, or message text. */
  readonly message: string;
  /** Whether the same call may succeed when it is made again later. @default false */
  readonly retryable?: boolean;
  /** @default {} */
  readonly data?: ErrorData;
  readonly cause?: unknown;
}

/** The form an error takes when it crosses to another process, a log line, or an API answer. */
export interface ErrorRecord {
  readonly name: string;
  readonly code: string;
  readonly category: ErrorCategory;
  readonly message: string;
  readonly retryable: boolean;
  readonly data: ErrorData;
}

/** The one error of Telegraphist: every failure that it reports has a code, a category, and a word on retrying. */
export class TelegraphistError extends Error {
  override readonly name: string = "TelegraphistError";
  readonly code: string;
  readonly category: ErrorCategory;
  readonly retryable: boolean;
  readonly data: ErrorData;

  constructor(options: TelegraphistErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.category = options.category;
    this.retryable = options.retryable ?? false;
    this.data = options.data ?? {};
  }

  /** Plain data of this error; the stack and the cause stay behind. */
  toJSON(): ErrorRecord {
    const { name, code, category, message, retryable, data } = this;
    return { name, code, category, message, retryable, data };
  }
}

/** Whether a value that was thrown carries this code; works across processes, where `instanceof` does not. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string" &&
    codes.includes(error.code)
  );
}

/** Whether a value that was thrown is of one of these categories; works across processes, as `hasCode` does. */
export function hasCategory(error: unknown, ...categories: readonly ErrorCategory[]): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "category" in error &&
    categories.some((category) => category === error.category)
  );
}

/** The time that an error asks to wait, as `FLOOD_WAIT` does in `data.waitMs`; `null` when it names none. */
export function waitMsOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("data" in error)) return null;
  const { data } = error;
  if (typeof data !== "object" || data === null || !("waitMs" in data)) return null;
  return typeof data.waitMs === "number" ? data.waitMs : null;
}

/**
 * Makes a `TelegraphistError` of whatever was thrown; one that is one already is returned as it is.
 *
 * @param fallback the code, category, and action of the message for anything else
 */
export function toTelegraphistError(
  thrown: unknown,
  fallback: { readonly code: string; readonly category: ErrorCategory; readonly action: string },
): TelegraphistError {
  if (thrown instanceof TelegraphistError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new TelegraphistError({
    code: fallback.code,
    category: fallback.category,
    message: `${fallback.action}: ${reason}`,
    cause: thrown,
  });
}
