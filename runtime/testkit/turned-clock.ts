import type { Clock } from "../contract/index.ts";
import { createHandClock } from "../scope/index.ts";

/** Time as a test has it: the machine's, or one that stands still until the test moves it. */
export class TurnedClock {
  /** What plugins are given; `null` for the machine's time. */
  readonly plugins: Clock | null;
  readonly #hand: ReturnType<typeof createHandClock> | null;
  readonly #sleepWaiters = new Set<() => void>();

  /** @param startsAt a text that `Date` reads or milliseconds since 1970; `undefined` for the machine's time */
  constructor(startsAt: string | number | undefined) {
    const hand = startsAt === undefined ? null : createHandClock(millisecondsOf(startsAt));
    this.#hand = hand;
    this.plugins = hand && {
      now: () => hand.now(),
      sleep: (durationMs, options) => {
        const sleep = hand.sleep(durationMs, options);
        for (const resolve of this.#sleepWaiters) resolve();
        this.#sleepWaiters.clear();
        return sleep;
      },
    };
  }

  now(): number {
    return this.#hand?.now() ?? Date.now();
  }

  /** Whether someone waits for the time to be moved. */
  get isWaitedFor(): boolean {
    return (this.#hand?.sleeping ?? 0) > 0;
  }

  /**
   * Moves time on.
   *
   * @param settled resolves when all is done that has fallen due
   * @throws {Error} when it is the machine's time
   */
  async advance(durationMs: number, settled: () => Promise<void>): Promise<void> {
    const hand = this.#hand;
    if (hand === null) throw new Error("Cannot advance the machine's time: start the testbed with startsAt");
    await hand.advance(durationMs, () => Promise.race([this.#nextSleep(), settled()]));
  }

  #nextSleep(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#sleepWaiters.add(resolve);
    return promise;
  }
}

function millisecondsOf(time: string | number): number {
  const timeMs = typeof time === "number" ? time : Date.parse(time);
  if (Number.isSafeInteger(timeMs)) return timeMs;
  throw new Error(`Cannot start at ${JSON.stringify(time)}: give a date as "2026-03-02T08:59:00Z"`);
}
