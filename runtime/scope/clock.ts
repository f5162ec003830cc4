import { type Clock, TelegraphistError } from "../contract/index.ts";

/** The longest time that `sleep` takes: a timer counts in 31 bits (html.spec.whatwg.org, `setTimeout`). */
export const maxSleepMs = 2 ** 31 - 1;

export interface MachineTime {
  /** Milliseconds since 1970; may be set. @default Date.now */
  readonly wall?: () => number;
  /** Milliseconds since any moment; MUST only rise, as time passes. @default performance.now */
  readonly steady?: () => number;
}

/**
 * A time that is never set back: when the machine's is, this one goes on from where it stood, until the machine's has
 * come by again. A wait until a time would else become longer by as much.
 */
function steadyNow({ wall = Date.now, steady = () => performance.now() }: MachineTime): () => number {
  let lastMs = wall();
  let lastSteadyMs = steady();
  return () => {
    const steadyMs = steady();
    lastMs = Math.max(wall(), lastMs + steadyMs - lastSteadyMs);
    lastSteadyMs = steadyMs;
    return Math.floor(lastMs);
  };
}

const sleep: Clock["sleep"] = (durationMs, { signal } = {}) =>
  new Promise((resolve, reject) => {
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

/** The machine's time. A sleep holds the process alive until it ends or its signal is aborted. */
export function createClock(time: MachineTime = {}): Clock {
  return { now: steadyNow(time), sleep };
}

export const systemClock: Clock = createClock();

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
