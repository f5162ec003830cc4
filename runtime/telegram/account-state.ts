import type { AccountName, ErrorRecord } from "../contract/index.ts";
import type { UpdateEngineStats } from "./engine/update-engine.ts";
import type { AccountWait } from "./flood/flood-gate.ts";

interface StateBase<State extends string> {
  readonly state: State;
  readonly sinceMs: number;
}

/**
 * Where an account stands.
 *
 * - `new`: not started yet.
 * - `connecting`: on the way to Telegram.
 * - `catching-up`: connected, calls go out; what was missed meanwhile is being fetched.
 * - `online`: calls go out and updates come in.
 * - `waiting`: Telegram told the account to wait before it may come back, or another program has its session: `error`
 *   says which, and `untilMs` is `null` for the latter.
 * - `offline`: no connection; `retryAtMs` is `null` when no retry helps.
 * - `logged-out`: the session is over, only a new login helps.
 * - `frozen`: online, and Telegram refuses what the account wants to do; from `untilMs` on it may try again.
 * - `stopped`: by this side; with an error when another program has taken its session over, which is waited for then.
 */
export type AccountState =
  | StateBase<"new">
  | StateBase<"connecting">
  | StateBase<"catching-up">
  | (StateBase<"online"> & { readonly dataCentreId: number })
  | (StateBase<"waiting"> & { readonly error: ErrorRecord; readonly untilMs: number | null })
  | (StateBase<"offline"> & { readonly error: ErrorRecord; readonly retryAtMs: number | null })
  | (StateBase<"logged-out"> & { readonly error: ErrorRecord })
  | (StateBase<"frozen"> & { readonly error: ErrorRecord; readonly untilMs: number })
  | (StateBase<"stopped"> & { readonly error?: ErrorRecord });

export interface AccountHealth {
  readonly name: AccountName;
  readonly state: AccountState;
  /** Round trip of the last ping; `null` before the first. */
  readonly latencyMs: number | null;
  /** Connections for files to other data centres. */
  readonly otherConnections: number;
  /** How often the connection was made anew since the start. */
  readonly reconnects: number;
  /** When the last ping was answered. */
  readonly lastHeardAtMs: number | null;
  /** Calls since the last one that Telegram answered, by an error or not. */
  readonly failuresInRow: number;
  readonly lastUpdateAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly lastError: ErrorRecord | null;
  /** What Telegram does not want called yet, restrictions of the account first. */
  readonly waits: readonly AccountWait[];
  /** Calls that wait for their turn. */
  readonly callsWaiting: number;
}

/** Counted since the account was made. */
export interface AccountStats extends UpdateEngineStats {
  /** Updates that became no event, by constructor. */
  readonly unmapped: Readonly<Record<string, number>>;
}

/** Why the account is in its state; `null` where it needs no reason. */
export function errorOf(state: AccountState): ErrorRecord | null {
  return ("error" in state ? state.error : undefined) ?? null;
}

/** When the state ends by itself, or is looked at again; `null` where no time is known. */
export function untilMsOf(state: AccountState): number | null {
  if (state.state === "offline") return state.retryAtMs;
  return "untilMs" in state ? state.untilMs : null;
}

/** Whether nothing goes on in this state that would lead out of it: only a start does. */
export function isAtRest(state: AccountState): boolean {
  switch (state.state) {
    case "new":
    case "logged-out":
    case "stopped":
      return true;
    case "offline":
      return state.retryAtMs === null;
    default:
      return false;
  }
}

/** Whether calls can go out in this state. */
export function isReachable(state: AccountState): boolean {
  return state.state === "catching-up" || state.state === "online" || state.state === "frozen";
}
