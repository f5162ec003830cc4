import { TelegraphistError } from "../contract/index.ts";
import { type AccountHealth, isReachable } from "./account-state.ts";

/** From where on an account is too slow to be given out. */
const maxLatencyMs = 5_000;
/** Calls in a row that got no answer. */
const maxFailures = 5;
/** Pings go every 30 s: after two of them nothing is known of the connection, as when the machine slept. */
const maxSilenceMs = 60_000;

/** Why an account should not be used now, or that it has to be looked at first; `null` when it is well. */
export function unfitness(health: AccountHealth, nowMs: number): TelegraphistError | "unknown" | null {
  const { failuresInRow, lastHeardAtMs, latencyMs, name, state } = health;
  if (!isReachable(state)) return unfit("ACCOUNT_OFFLINE", name, `its state is "${state.state}"`);
  if (failuresInRow >= maxFailures) {
    return unfit("ACCOUNT_FAILING", name, `its last ${failuresInRow} calls got no answer`);
  }
  if (latencyMs !== null && latencyMs > maxLatencyMs) {
    return unfit("ACCOUNT_SLOW", name, `its last answer took ${Math.round(latencyMs)} ms`);
  }
  return lastHeardAtMs !== null && nowMs - lastHeardAtMs <= maxSilenceMs ? null : "unknown";
}

function unfit(code: string, name: string, reason: string): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "NETWORK",
    retryable: true,
    message: `Cannot use the account "${name}" now: ${reason}`,
    data: { account: name },
  });
}
