import type { CallPriority } from "../../contract/index.ts";

/**
 * How much earlier than a call of this priority an interactive one may come and still be behind it. That bounds what
 * the priorities are worth, so that a call which has waited for so long is not overtaken any more.
 */
const lagMs: Readonly<Record<CallPriority, number>> = { interactive: 0, normal: 5_000, background: 20_000 };

interface Place<Call> {
  readonly call: Call;
  readonly rankMs: number;
}

/**
 * Calls in the order in which they go, up to a number of them. Pure. A call's place follows from when it came and from
 * its priority alone, so time changes nothing about it.
 */
export class CallLine<Call> {
  readonly #capacity: number;
  readonly #places: Place<Call>[] = [];

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#places.length;
  }

  /** The calls, from the first to the last. The line may be changed meanwhile. */
  get calls(): readonly Call[] {
    return this.#places.map(({ call }) => call);
  }

  /** @returns how many go before a call that came then. */
  ahead(priority: CallPriority, sinceMs: number): number {
    return this.#indexOf(sinceMs + lagMs[priority]);
  }

  /** Lets a call in. @returns the last in the line when it is too long now, which has to leave; it may be the new one */
  add(call: Call, priority: CallPriority, sinceMs: number): Call | null {
    const rankMs = sinceMs + lagMs[priority];
    this.#places.splice(this.#indexOf(rankMs), 0, { call, rankMs });
    if (this.#places.length <= this.#capacity) return null;
    return this.#places.pop()?.call ?? null;
  }

  /** @returns whether it was there */
  remove(call: Call): boolean {
    const index = this.#places.findIndex((place) => place.call === call);
    if (index >= 0) this.#places.splice(index, 1);
    return index >= 0;
  }

  /** Behind all that are as early: whoever came first goes first. */
  #indexOf(rankMs: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.#places[middle];
      if (place !== undefined && place.rankMs <= rankMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
