import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { sleepUntil } from "../scope/index.ts";

export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const pruneEveryMs = 3_600_000;

/** Forgets once an hour what is over, until the signal is aborted; never rejects, and a failure waits for the next hour. */
export async function keepHouse(
  stores: readonly { prune(): Promise<void> }[],
  { clock, logger, signal }: HousekeepingOptions,
): Promise<void> {
  const nextHour = () =>
    sleepUntil(clock, clock.now() + pruneEveryMs, signal).then(
      () => true,
      // A sleep fails only when it is cancelled.
      () => false,
    );
  while (await nextHour()) {
    for (const store of stores) {
      try {
        await store.prune();
      } catch (error) {
        logger.error("Cannot forget what is over in the database", { error });
      }
    }
  }
}
