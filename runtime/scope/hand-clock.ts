import type { Clock } from "../contract/index.ts";
import { cancelled } from "./clock.ts";

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is turned, for tests. */
export interface HandClock extends Clock {
  /**
   * Moves time on and wakes who is due, in order of time, letting each go on before the next.
   *
   * @param settle resolves when who was woken has done what it does now. @default one turn of the event loop
   */
  advance(durationMs: number, settle?: () => Promise<void>): Promise<void>;
  /** How many sleeps wait. */
  readonly sleeping: number;
}

export function createHandClock(startMs = 0): HandClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    get sleeping() {
      return sleepers.size;
    },
    sleep(durationMs, { signal } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled("sleep", signal.reason));
        const sleeper: Sleeper = {
          wakeAtMs: nowMs + durationMs,
          wake: () => {
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(cancelled("sleep", signal?.reason));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        sleepers.add(sleeper);
      });
    },
    async advance(durationMs, settle = turn) {
      const endMs = nowMs + durationMs;
      await turn();
      for (let next = earliest(sleepers, endMs); next !== undefined; next = earliest(sleepers, endMs)) {
        sleepers.delete(next);
        nowMs = Math.max(nowMs, next.wakeAtMs);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

function earliest(sleepers: ReadonlySet<Sleeper>, endMs: number): Sleeper | undefined {
  let found: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.wakeAtMs <= endMs && (found === undefined || sleeper.wakeAtMs < found.wakeAtMs)) {
      found = sleeper;
    }
  }
  return found;
}

/** Lets every promise that can go on do so: a macrotask runs after all of them. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
