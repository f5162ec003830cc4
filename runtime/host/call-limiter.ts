/** How much a plugin may call. */
export interface CallLimits {
  /** In the long run. */
  readonly callsPerSecond: number;
  /** Calls that may come at once, after a time of rest. */
  readonly burst: number;
  /** Calls that may be under way at the same time. */
  readonly concurrentCalls: number;
}

/** A token bucket, and a count of what is under way. */
export class CallLimiter {
  readonly #limits: CallLimits;
  #tokens: number;
  #filledAtMs: number | null = null;
  #running = 0;

  constructor(limits: CallLimits) {
    this.#limits = limits;
    this.#tokens = limits.burst;
  }

  /** Takes a call in and returns 0, or the time to wait before another try; what was taken in MUST be given back. */
  take(nowMs: number): number {
    const { callsPerSecond, burst, concurrentCalls } = this.#limits;
    const passedMs = Math.max(nowMs - (this.#filledAtMs ?? nowMs), 0);
    this.#tokens = Math.min(burst, this.#tokens + (passedMs * callsPerSecond) / 1_000);
    this.#filledAtMs = nowMs;
    const perCallMs = 1_000 / callsPerSecond;
    if (this.#tokens < 1) return Math.max(Math.ceil((1 - this.#tokens) * perCallMs), 1);
    // When one of them will end nobody knows; a second is long enough not to ask in vain.
    if (this.#running >= concurrentCalls) return 1_000;
    this.#tokens--;
    this.#running++;
    return 0;
  }

  giveBack(): void {
    this.#running--;
  }
}
