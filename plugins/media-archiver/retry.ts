import { hasCategory, hasCode, TelegraphistError, waitMsOf } from "telegraphist";

/** What becomes of a download that failed. */
export type AfterFailure =
  | { readonly after: "again"; readonly atMs: number; readonly countsAsAttempt: boolean }
  /** All downloads wait, as the next would fail alike; the file keeps its place. */
  | { readonly after: "pause"; readonly untilMs: number }
  | { readonly after: "give-up" };

const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
const offlineRetryMs = 30_000;
const pauseMs = 600_000;

/**
 * Decides on a file whose download threw. What is not the file's fault (flood waits, no connection, a full disk, a grant
 * that the entry lacks) does not use up its tries.
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
  if (hasCode(error, "ENOSPC", "EDQUOT") || isMissingGrant(error)) {
    return { after: "pause", untilMs: nowMs + pauseMs };
  }
  if (hasCategory(error, "AUTH", "FLOOD_BLOCK")) return wait(longestRetryMs);
  const isFinal =
    hasCategory(error, "NOT_FOUND", "PERMISSION", "RIGHTS", "INVALID") || hasCode(error, "MEDIA_NONE");
  if (isFinal || attempts + 1 >= maxAttempts) return { after: "give-up" };
  const waitMs = Math.min(firstRetryMs * 2 ** attempts, longestRetryMs);
  return { after: "again", atMs: nowMs + waitMs, countsAsAttempt: true };
}

/** A scope or the folder is not granted yet. A chat or an account that is not granted was left out on purpose. */
function isMissingGrant(error: unknown): boolean {
  if (!(error instanceof TelegraphistError) || error.category !== "PERMISSION") return false;
  return error.data.permission === "telegram" || error.data.permission === "write";
}
