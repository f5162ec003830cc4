import { type Clock, hasCategory, hasCode, type TelegraphistEvent, waitMsOf } from "../contract/index.ts";
import { processEnds } from "./guest-end.ts";

const firstDelayMs = 1_000;
const backoffFactor = 4;
const longestDelayMs = 60_000;

/** How long an event waits for a network, a flood wait, or a disk that is not its own fault. */
const patienceMs = 86_400_000;

/**
 * What ends a plugin's process takes along whatever the plugin handles beside it: an event is blamed only once it has run
 * alone, which the third time it does, and before the plugin is given up for ending too often.
 */
const maxProcessEnds = 3;

/** How often an event was given in vain. */
export interface Tries {
  /** Times since the plugin started: a new start need not wait for what an earlier one met. */
  readonly given: number;
  /** Times that count against the event, those of earlier starts among them. */
  readonly counted: number;
}

export interface NextTry {
  readonly afterMs: number;
  /** As `Tries.counted`, with this time. */
  readonly counted: number;
}

/**
 * When a handler that failed is given its event again; `null` when that is of no use any more. What is not the event's
 * fault is not counted against it for a day.
 *
 * @param before this time, which is not among them
 */
export function nextTry(
  error: unknown,
  before: Tries,
  { event, maxAttempts, clock }: RetryTerms,
): NextTry | null {
  if (isFinal(error)) return null;
  const isPatient = isOutside(error) && clock.now() - event.receivedAtMs < patienceMs;
  const counted = before.counted + (isPatient ? 0 : 1);
  const limit = hasCode(error, ...processEnds) ? maxProcessEnds : maxAttempts;
  if (counted >= limit && !isPatient) return null;
  const backoffMs = Math.min(longestDelayMs, firstDelayMs * backoffFactor ** before.given);
  return { afterMs: Math.max(backoffMs, Math.min(patienceMs, waitMsOf(error) ?? 0)), counted };
}

export interface RetryTerms {
  readonly event: TelegraphistEvent;
  /** For failures that may be the event's own. */
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
