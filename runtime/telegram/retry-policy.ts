import type { ErrorCategory, TelegraphistError } from "../contract/index.ts";

/** How often and how fast to try again after errors of one category. */
export interface RetryPolicy {
  /** 0 gives up at the first error. */
  readonly maxRetries: number;
  readonly firstDelayMs: number;
  readonly backoffFactor: number;
  readonly maxDelayMs: number;
  /** Part of the delay that is left to chance, 0 to 1, so that many clients do not return in step. */
  readonly jitter: number;
}

const never: RetryPolicy = { maxRetries: 0, firstDelayMs: 0, backoffFactor: 1, maxDelayMs: 0, jitter: 0 };

/** Strategies of single calls; a category that is not named is never tried again. Flood waits are flood control's. */
const callPolicies: Partial<Record<ErrorCategory, RetryPolicy>> = {
  NETWORK: { maxRetries: 5, firstDelayMs: 300, backoffFactor: 2, maxDelayMs: 10_000, jitter: 0.3 },
};

/** Strategy of an account's reconnecting: for ever, since only the person can say that it shall stop. */
export const reconnectPolicy: RetryPolicy = {
  maxRetries: Number.POSITIVE_INFINITY,
  firstDelayMs: 250,
  backoffFactor: 2,
  maxDelayMs: 60_000,
  jitter: 0.5,
};

/**
 * How long to wait before a call is made again.
 *
 * @param attempt 1 after the first failure
 * @param random a number from 0 up to 1
 * @returns milliseconds, or `null` to give up
 */
export function nextDelayMs(attempt: number, error: TelegraphistError, random: number): number | null {
  if (!error.retryable) return null;
  return delayMs(callPolicies[error.category] ?? never, attempt, random);
}

/** The delay after the attempt's failure under a policy; `null` when its retries are used up. */
export function delayMs(policy: RetryPolicy, attempt: number, random: number): number | null {
  if (attempt > policy.maxRetries) return null;
  const full = Math.min(policy.maxDelayMs, policy.firstDelayMs * policy.backoffFactor ** (attempt - 1));
  return Math.round(full * (1 - policy.jitter * random));
}
