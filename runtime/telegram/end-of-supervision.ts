import { TelegraphistError } from "../contract/index.ts";
import type { AccountState } from "./account-state.ts";
import { connectFailure } from "./connect-failure.ts";
import { isLoggedOut } from "./errors.ts";

/** What is wrong in the configuration, as it shows when the account connects. */
const configurationCodes: readonly string[] = ["API_ID_INVALID", "DATA_CENTRE_UNKNOWN"];

/** Whether the session is not this program's to use any more: Telegram has ended it, or another program has it. */
export function endsUse(error: TelegraphistError): boolean {
  return isLoggedOut(error) || error.code === "LEASE_LOST";
}

/** Whether what keeps an account from connecting is there for as long as nobody changes something. */
export function isBeyondWaiting(error: TelegraphistError): boolean {
  return endsUse(error) || error.category === "CONFIG" || configurationCodes.includes(error.code);
}

/** The state of an account that will not be connected any more, and why not. */
export function endState(error: TelegraphistError, sinceMs: number): AccountState {
  if (isLoggedOut(error)) return { state: "logged-out", sinceMs, error: error.toJSON() };
  if (error.code === "ACCOUNT_STOPPED") return { state: "stopped", sinceMs };
  if (error.code === "LEASE_LOST") return { state: "stopped", sinceMs, error: error.toJSON() };
  return { state: "offline", sinceMs, error: error.toJSON(), retryAtMs: null };
}

/** The state of an account that could not even begin to connect; `null` where it is as it was before. */
export function refusedState(thrown: unknown, sinceMs: number): AccountState | null {
  const failure = connectFailure(thrown);
  if (failure.category === "CANCELLED" || failure.code === "LEASE_HELD") return null;
  const error = failure.toJSON();
  if (failure.code !== "ACCOUNT_NO_SESSION") return { state: "offline", sinceMs, error, retryAtMs: null };
  return failure.data.hasEnded === true ? { state: "logged-out", sinceMs, error } : null;
}

/** It was asked to stop. */
export function stoppedError(): TelegraphistError {
  return new TelegraphistError({
    code: "ACCOUNT_STOPPED",
    category: "CANCELLED",
    message: "Cannot use the account: it was stopped",
  });
}
