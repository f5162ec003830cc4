import type { UserStatus } from "telegraphist";
import type { AutoresponderConfig } from "./config.ts";

/** What is known about the owner of an account; `null` for what has not been seen. */
export interface Presence {
  /** When the owner last wrote something by hand. */
  readonly lastWroteAtMs: number | null;
  readonly status: UserStatus | null;
}

/** Whether the owner counts as away; what is not known counts as away. */
export function isAway(presence: Presence, away: AutoresponderConfig["away"], nowMs: number): boolean {
  if (away === undefined) return true;
  const { lastWroteAtMs, status } = presence;
  const quietMs = (away.quietMinutes ?? 0) * 60_000;
  if (lastWroteAtMs !== null && nowMs - lastWroteAtMs < quietMs) return false;
  return !(away.offline && status?.state === "online" && status.untilMs > nowMs);
}
