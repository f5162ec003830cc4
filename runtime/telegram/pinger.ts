import { type Clock, TelegraphistError } from "../contract/index.ts";
import { withDeadline } from "../scope/index.ts";
import type { MtprotoConnection } from "./connection.ts";

export interface PingerOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLatency: (latencyMs: number) => void;
}

/**
 * Resolves with the reason when the connection has ended: it broke, or no longer answers.
 *
 * @throws {TelegraphistError} `CANCELLED` when the signal is aborted
 */
export async function untilLost(
  connection: MtprotoConnection,
  broken: Promise<TelegraphistError>,
  { signal, ...options }: PingerOptions,
): Promise<TelegraphistError> {
  const over = new AbortController();
  const silent = pingUntilLost(connection, {
    ...options,
    signal: AbortSignal.any([signal, over.signal]),
  });
  try {
    return await Promise.race([broken, silent]);
  } finally {
    over.abort();
    // It ends by the abort just above, or has told its end already.
    silent.catch(() => undefined);
  }
}

/** @returns the round trip in milliseconds. @throws {TelegraphistError} `PING_TIMEOUT`, `CONNECTION_LOST` */
export function pingInTime(
  connection: MtprotoConnection,
  { clock, signal, timeoutMs }: Pick<PingerOptions, "clock" | "signal" | "timeoutMs">,
): Promise<number> {
  const onTimeout = () => pingTimeout(timeoutMs);
  return withDeadline((inner) => connection.ping(inner), { timeoutMs, signal, clock, onTimeout });
}

/**
 * Pings, at once and then every so often, until an answer stays out, and resolves with that as an error: a connection
 * whose other side is gone says nothing by itself.
 *
 * @throws {TelegraphistError} `CANCELLED` when the signal is aborted
 */
export async function pingUntilLost(
  connection: MtprotoConnection,
  options: PingerOptions,
): Promise<TelegraphistError> {
  const { clock, everyMs, onLatency, signal, timeoutMs } = options;
  for (;;) {
    try {
      onLatency(await pingInTime(connection, options));
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof TelegraphistError ? error : pingTimeout(timeoutMs, error);
    }
    await clock.sleep(everyMs, { signal });
  }
}

function pingTimeout(timeoutMs: number, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "PING_TIMEOUT",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go on with the connection to Telegram: no answer to a ping in ${timeoutMs} ms`,
    data: { timeoutMs },
    cause,
  });
}
