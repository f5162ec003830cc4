import type { Clock } from "../../contract/index.ts";
import { cancelled, sleepUntil } from "../../scope/index.ts";

/** Calls once when a time has come; setting another time replaces it. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #atMs: number | null = null;
  #sleeping: AbortController | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** An alarm that is set for an earlier time stays: whoever is woken for nothing sets it again. */
  setFor(atMs: number | null): void {
    if (atMs === null || (this.#atMs !== null && this.#atMs <= atMs)) return;
    this.off();
    this.#atMs = atMs;
    const sleeping = new AbortController();
    this.#sleeping = sleeping;
    void this.#sleep(atMs, sleeping.signal);
  }

  off(): void {
    this.#sleeping?.abort(cancelled("alarm"));
    this.#sleeping = null;
    this.#atMs = null;
  }

  async #sleep(atMs: number, signal: AbortSignal): Promise<void> {
    try {
      await sleepUntil(this.#clock, atMs, signal);
    } catch (ended) {
      if (signal.aborted) return;
      throw ended;
    }
    this.#atMs = null;
    this.#ring();
  }
}
