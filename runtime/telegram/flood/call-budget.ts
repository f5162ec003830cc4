/** How many calls may go at once, and how fast after that. */
export interface Allowance {
  /** Calls that may go together after a rest; at least 1. */
  readonly burst: number;
  /** Time in which one more is earned. */
  readonly intervalMs: number;
}

/** Each flood wait slows by half again, up to five times. */
const slowFactor = 1.5;
const mostSlowings = 4;
/** Time without a flood wait after which one slowing is taken back. */
const forgiveMs = 300_000;

/**
 * A token bucket as one number: the generic cell rate algorithm (ITU-T I.371), which keeps the time at which the bucket
 * is full again. After a flood wait it gives less for a while. Pure: it is told the time, and a clock that is set back
 * never makes it wait for longer than the bucket takes to fill.
 */
export class CallBudget {
  readonly #allowance: Allowance;
  #fullAtMs = 0;
  #slowings = 0;
  #slowedAtMs = 0;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** When the next call fits; not later than `nowMs` when it fits now. */
  readyAtMs(nowMs: number): number {
    return this.#fullAt(nowMs) - (this.#allowance.burst - 1) * this.intervalMs(nowMs);
  }

  /** Spends one call. */
  take(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAt(nowMs), nowMs) + this.intervalMs(nowMs);
  }

  /** Learns that Telegram wanted a wait: what was saved up is gone, and less is earned for a while after it. */
  slow(nowMs: number, untilMs: number): void {
    this.#slowings = Math.min(mostSlowings, this.#slowingsAt(nowMs) + 1);
    this.#slowedAtMs = untilMs;
    this.#fullAtMs = untilMs + (this.#allowance.burst - 1) * this.intervalMs(nowMs);
  }

  /** Time in which one call is earned now. */
  intervalMs(nowMs: number): number {
    return this.#allowance.intervalMs * slowFactor ** this.#slowingsAt(nowMs);
  }

  /** Whether it remembers nothing that a new one would not know. */
  isFresh(nowMs: number): boolean {
    return this.#fullAt(nowMs) <= nowMs && this.#slowingsAt(nowMs) === 0;
  }

  #fullAt(nowMs: number): number {
    const { burst } = this.#allowance;
    return Math.min(this.#fullAtMs, nowMs + burst * this.intervalMs(nowMs));
  }

  #slowingsAt(nowMs: number): number {
    const forgiven = Math.floor(Math.max(0, nowMs - this.#slowedAtMs) / forgiveMs);
    return Math.max(0, this.#slowings - forgiven);
  }
}
