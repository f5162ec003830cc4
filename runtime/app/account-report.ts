import type { AccountReport } from "../admin/index.ts";
import type { UserId } from "../contract/index.ts";
import type { AccountHealth } from "../telegram/index.ts";

/** An account's health as the admin API tells it. */
export function accountReportOf(
  { state, lastError, ...health }: AccountHealth,
  userId: UserId | null,
): AccountReport {
  return {
    ...health,
    userId,
    state: state.state,
    sinceMs: state.sinceMs,
    untilMs: state.state === "waiting" ? state.untilMs : null,
    retryAtMs: state.state === "offline" ? state.retryAtMs : null,
    lastError: ("error" in state ? state.error : undefined) ?? lastError,
  };
}
