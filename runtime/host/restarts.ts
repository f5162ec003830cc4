import { systemClock } from "../scope/index.ts";

const windowMs = 600_000;
const maxEnds = 5;
const longestDelayMs = 60_000;

/** When a plugin is started again whose process has ended by itself. */
export class Restarts {
  /** How often it was. */
  count = 0;
  readonly #firstDelayMs: number;
  #ends: readonly number[] = [];
  #planned: AbortController | null = null;

  constructor(firstDelayMs = 1_000) {
    this.#firstDelayMs = firstDelayMs;
  }

  /**
   * Takes note of an end, and plans a start.
   *
   * @returns the time until then, doubled each time up to 60 s; `null` with the fifth end in ten minutes, when there is
   * none
   */
  plan(start: () => void, nowMs = systemClock.now()): number | null {
    this.cancel();
    this.#ends = [...this.#ends.filter((atMs) => nowMs - atMs < windowMs), nowMs];
    const count = this.#ends.length;
    if (count >= maxEnds) return null;
    const delayMs = Math.min(longestDelayMs, this.#firstDelayMs * 2 ** (count - 1));
    this.#planned = new AbortController();
    // It only fails by being cancelled.
    systemClock.sleep(delayMs, { signal: this.#planned.signal }).then(start, () => undefined);
    return delayMs;
  }

  /** Forgets the start that is planned, as someone has started or stopped the plugin meanwhile. */
  cancel(): void {
    this.#planned?.abort();
    this.#planned = null;
  }
}
