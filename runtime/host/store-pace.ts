import { setImmediate } from "node:timers/promises";
import type { Clock } from "../contract/index.ts";
import { Turns } from "./turns.ts";

/** Bytes that a plugin may write in the long run in a second, and after a time of rest at once. */
const bytesPerSecond = 8 * 1024 ** 2;
const burstBytes = 64 * 1024 ** 2;
/** What a write costs at least: a page of the database. */
const leastBytes = 4_096;

/**
 * Has a plugin's writes wait for one another, and for the disk's sake: each holds up the whole program for a moment, so
 * that a plugin that writes on and on would be felt by all.
 */
export class StorePace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #turns = new Turns();
  #freeBytes = burstBytes;
  #countedAtMs: number;

  /** @param signal ends the waits */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#countedAtMs = clock.now();
  }

  /** @throws {TelegraphistError} `CANCELLED`, and what `write` throws */
  take<T>(sizeBytes: number, write: () => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      const waitMs = this.#charge(Math.max(sizeBytes, leastBytes));
      if (waitMs > 0) await this.#clock.sleep(waitMs, { signal: this.#signal });
      const result = await write();
      // Others have their turn of the loop between two writes.
      await setImmediate();
      return result;
    });
  }

  /** @returns the time until what was taken too much is made up for */
  #charge(bytes: number): number {
    const nowMs = this.#clock.now();
    const passedMs = Math.max(0, nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
    this.#freeBytes = Math.min(burstBytes, this.#freeBytes + (passedMs / 1_000) * bytesPerSecond) - bytes;
    return this.#freeBytes >= 0 ? 0 : Math.ceil((-this.#freeBytes / bytesPerSecond) * 1_000);
  }
}
