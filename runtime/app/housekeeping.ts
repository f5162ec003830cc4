import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { sleepUntil } from "../scope/index.ts";

export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Out of the start's way, and soon enough for a program that never runs for an hour. */
const firstAfterMs = 60_000;
const everyMs = 3_600_000;

/**
 * Forgets what is over, a minute after the start and then once an hour, until the signal is aborted; never rejects, and a
 * failure waits for the next hour.
 */
export async function keepHouse(
  stores: readonly { prune(): Promise<void> }[],
  { clock, logger, signal }: HousekeepingOptions,
): Promise<void> {
  const passes = (durationMs: number) =>
    sleepUntil(clock, clock.now() + durationMs, signal).then(
      () => true,
      // A sleep fails only when it is cancelled.
      () => false,
    );
  for (let restMs = firstAfterMs; await passes(restMs); restMs = everyMs) {
    for (const store of stores) {
      try {
        await store.prune();
      } catch (error) {
        logger.error("Cannot forget what is over in the database", { error });
      }
    }
  }
}
