import { type Clock, TelegraphistError } from "../contract/index.ts";

/** The longest time that `sleep` takes: a timer counts in 31 bits (html.spec.whatwg.org, `setTimeout`). */
export const maxSleepMs = 2 ** 31 - 1;

/** The machine's time. A sleep holds the process alive until it ends or its signal is aborted. */
export const systemClock: Clock = {
  now: Date.now,
  sleep(durationMs, { signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled("sleep", signal.reason));
      const timer = setTimeout(
        () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
        Math.min(Math.max(durationMs, 0), maxSleepMs),
      );
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(cancelled("sleep", signal?.reason));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};

/** The error of a wait whose signal was aborted. */
export function cancelled(action: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "CANCELLED",
    category: "CANCELLED",
    message: `Cannot finish ${action}: cancelled`,
    cause,
  });
}

/**
 * Waits for any length of time, in steps of an hour at most, so that a machine that slept or a clock that was set is
 * noticed.
 *
 * @throws {TelegraphistError} `CANCELLED` when the signal is aborted first
 */
export async function sleepUntil(clock: Clock, atMs: number, signal: AbortSignal): Promise<void> {
  const stepMs = 3_600_000;
  for (let leftMs = atMs - clock.now(); leftMs > 0; leftMs = atMs - clock.now()) {
    await clock.sleep(Math.min(leftMs, stepMs), { signal });
  }
}
