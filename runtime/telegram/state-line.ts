import type { LogLevel } from "../../telemetry/index.ts";
import type { AccountName } from "../contract/index.ts";
import { type AccountState, errorOf, untilMsOf } from "./account-state.ts";

/** A line of the log. */
export interface StateLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How the log tells of a state: why it is so, until when, and where a person has to act, what to do. */
export function stateLine(name: AccountName, state: AccountState): StateLine {
  const error = errorOf(state);
  const untilMs = untilMsOf(state);
  const fields = {
    state: state.state,
    ...(error !== null && { error }),
    ...(untilMs !== null && { untilMs }),
  };
  return { ...sayingOf(name, state), fields };
}

function sayingOf(name: AccountName, state: AccountState): Pick<StateLine, "level" | "message"> {
  switch (state.state) {
    case "logged-out":
      return { level: "error", message: `The account has to log in again: run "telegraphist login ${name}"` };
    case "offline":
      if (state.retryAtMs !== null) return { level: "warn", message: "The connection to Telegram ended" };
      return state.error.retryable
        ? { level: "warn", message: "The account could not be started, and is tried again" }
        : {
            level: "error",
            message: "The account stays offline: mend what is wrong and start the program anew",
          };
    default:
      return { level: errorOf(state) === null ? "info" : "warn", message: "The account's state changed" };
  }
}
