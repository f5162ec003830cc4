import { type Clock, TelegraphistError } from "../contract/index.ts";
import { cancelled, systemClock } from "./clock.ts";

export interface DeadlineOptions {
  /** Time for the whole run. */
  readonly timeoutMs: number;
  /** What is thrown when the time is over. */
  readonly onTimeout: () => TelegraphistError;
  /** Ends the run early with `CANCELLED`, or with the signal's reason when that is a `TelegraphistError`. */
  readonly signal?: AbortSignal | undefined;
  /** @default the machine's time */
  readonly clock?: Clock;
}

/**
 * Runs the function and returns what it returns, or throws when the time is over or the signal is aborted. The function
 * is told by its own signal; when it goes on regardless, nobody waits for it, and a late error of it is dropped.
 *
 * @throws {TelegraphistError} what `onTimeout` makes, or `CANCELLED`
 */
export async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T> | T,
  { timeoutMs, onTimeout, signal, clock = systemClock }: DeadlineOptions,
): Promise<T> {
  if (signal?.aborted) throw reasonOf(signal);
  const inner = new AbortController();
  const timer = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (error: TelegraphistError): void => {
    inner.abort(error);
    ended.reject(error);
  };
  const onAbort = (): void => {
    if (signal !== undefined) end(reasonOf(signal));
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  clock.sleep(timeoutMs, { signal: timer.signal }).then(
    () => end(onTimeout()),
    // The only way for the sleep to fail is the cancelling below: the run was in time.
    () => undefined,
  );
  try {
    return await Promise.race([run(inner.signal), ended.promise]);
  } finally {
    timer.abort();
    signal?.removeEventListener("abort", onAbort);
  }
}

function reasonOf(signal: AbortSignal): TelegraphistError {
  return signal.reason instanceof TelegraphistError ? signal.reason : cancelled("call", signal.reason);
}
