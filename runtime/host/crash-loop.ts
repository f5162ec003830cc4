const windowMs = 600_000;
const maxCrashes = 5;
const longestDelayMs = 60_000;

/** How often a plugin's process ended by itself of late, and what follows from it. */
export class CrashLoop {
  readonly #firstDelayMs: number;
  #crashes: readonly number[] = [];

  constructor(firstDelayMs = 1_000) {
    this.#firstDelayMs = firstDelayMs;
  }

  /**
   * Takes note of a crash.
   *
   * @returns the time until it may start again, doubled each time up to 60 s; `null` with the fifth in ten minutes
   */
  add(nowMs: number): number | null {
    this.#crashes = [...this.#crashes.filter((atMs) => nowMs - atMs < windowMs), nowMs];
    const count = this.#crashes.length;
    return count >= maxCrashes ? null : Math.min(longestDelayMs, this.#firstDelayMs * 2 ** (count - 1));
  }
}
