import { type Clock, hasCategory, type TelegraphistEvent, waitMsOf } from "../contract/index.ts";

const firstDelayMs = 1_000;
const backoffFactor = 4;
const longestDelayMs = 60_000;
const longestWaitMs = 3_600_000;

/** How long an event waits for a network, a flood wait, or a disk that is not its own fault. */
const patienceMs = 86_400_000;

/**
 * How long to wait before a handler is given an event again; `null` when that is of no use any more.
 *
 * @param attempt 1 after the first failure
 * @param maxAttempts for failures that may be the event's own
 */
export function nextAttemptInMs(
  error: unknown,
  attempt: number,
  { event, maxAttempts, clock }: RetryTerms,
): number | null {
  if (isFinal(error)) return null;
  const isPatient = isOutside(error) && clock.now() - event.receivedAtMs < patienceMs;
  if (attempt >= maxAttempts && !isPatient) return null;
  const backoffMs = Math.min(longestDelayMs, firstDelayMs * backoffFactor ** (attempt - 1));
  return Math.max(backoffMs, Math.min(longestWaitMs, waitMsOf(error) ?? 0));
}

export interface RetryTerms {
  readonly event: TelegraphistEvent;
  readonly maxAttempts: number;
  readonly clock: Pick<Clock, "now">;
}

/** Whether the same call will be refused again. */
function isFinal(error: unknown): boolean {
  return !isRetryable(error) && hasCategory(error, "PERMISSION", "RIGHTS", "PRIVACY", "NOT_FOUND", "INVALID");
}

/** Whether what failed has nothing to do with the event. */
function isOutside(error: unknown): boolean {
  return isRetryable(error) && hasCategory(error, "NETWORK", "FLOOD_WAIT", "STORAGE");
}

function isRetryable(error: unknown): boolean {
  return typeof error === "object" && error !== null && "retryable" in error && error.retryable === true;
}
