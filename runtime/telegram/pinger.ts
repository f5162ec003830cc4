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
 * Pings, at once and then every so often, until an answer stays out, and resolves with that as an error: a connection whose other side is gone says
 * nothing by itself.
 *
 * @throws {TelegraphistError} `CANCELLED` when the signal is aborted
 */
export async function pingUntilLost(
  connection: MtprotoConnection,
  { clock, everyMs, onLatency, signal, timeoutMs }: PingerOptions,
): Promise<TelegraphistError> {
  for (;;) {
    try {
      const onTimeout = () => pingTimeout(timeoutMs);
      onLatency(
        await withDeadline((inner) => connection.ping(inner), { timeoutMs, signal, clock, onTimeout }),
      );
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
