import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../contract/index.ts";

export interface OnceFreeOptions {
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Called once, with what is in the way. */
  readonly onWait: (held: Error) => void;
}

const lookEveryMs = 500;

/**
 * Opens what another program keeps from being opened: a program of an older version, whose database must not change under
 * it, is waited for like others.
 *
 * @throws {TelegraphistError} `LEASE_HELD` when the time is over, and what the function throws; the signal's reason
 */
export async function onceFree<T>(
  { waitMs, signal, onWait }: OnceFreeOptions,
  open: () => Promise<T>,
): Promise<T> {
  const untilMs = performance.now() + waitMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await open();
    } catch (error) {
      if (!hasCode(error, "LEASE_HELD") || performance.now() >= untilMs) throw error;
      if (isFirst && error instanceof Error) onWait(error);
      await sleep(lookEveryMs, undefined, { signal });
    }
  }
}
