import { hasCategory, hasCode, waitMsOf } from "telegraphist";

/** What becomes of a download that failed. */
export type AfterFailure =
  | { readonly after: "again"; readonly atMs: number; readonly countsAsAttempt: boolean }
  | { readonly after: "give-up" };

const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
const offlineRetryMs = 30_000;
const fullDiskRetryMs = 600_000;

/**
 * Decides on a file whose download threw. Waits that are nobody's fault (flood waits, no connection, a full disk) do not
 * use up its tries.
 *
 * @param attempts tries before this one
 */
export function afterFailure(
  error: unknown,
  {
    attempts,
    maxAttempts,
    nowMs,
  }: { readonly attempts: number; readonly maxAttempts: number; readonly nowMs: number },
): AfterFailure {
  const wait = (waitMs: number): AfterFailure => ({
    after: "again",
    atMs: nowMs + waitMs,
    countsAsAttempt: false,
  });
  if (hasCategory(error, "FLOOD_WAIT")) return wait(waitMsOf(error) ?? offlineRetryMs);
  if (hasCode(error, "ACCOUNT_OFFLINE")) return wait(offlineRetryMs);
  if (hasCode(error, "ENOSPC", "EDQUOT")) return wait(fullDiskRetryMs);
  if (hasCategory(error, "AUTH", "FLOOD_BLOCK")) return wait(longestRetryMs);
  const isFinal =
    hasCategory(error, "NOT_FOUND", "PERMISSION", "RIGHTS", "INVALID") || hasCode(error, "MEDIA_NONE");
  if (isFinal || attempts + 1 >= maxAttempts) return { after: "give-up" };
  const waitMs = Math.min(firstRetryMs * 2 ** attempts, longestRetryMs);
  return { after: "again", atMs: nowMs + waitMs, countsAsAttempt: true };
}
