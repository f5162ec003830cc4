import { outsideSpans } from "../../telemetry/index.ts";
import { Scope } from "../scope/index.ts";
import { Api } from "./gramjs.ts";
import { careForSession } from "./session-care.ts";
import type { SessionRenewal } from "./session-renewal.ts";
import type { SupervisedAccount } from "./supervise-account.ts";
import type { Supervisor } from "./supervisor.ts";

/** An account that is kept connected. */
export interface RunningAccount extends SupervisedAccount {
  readonly supervisor: Supervisor;
  readonly renewal: SessionRenewal;
  /** Renews the session without a stop of the account, which waits for that. */
  readonly renew: (signal: AbortSignal) => Promise<void>;
}

/**
 * Begins to look after the session, and owns all that the account has open. Undone from the last to the first: nothing
 * new comes in, what came in goes through, what is known is saved.
 */
export function scopeOf(account: RunningAccount): Scope {
  const { held, options, parts, renewal, session, supervisor } = account;
  const { name, stopTimeoutMs: disposeTimeoutMs = 10_000 } = options;
  const scope = new Scope(`account ${name}`, { disposeTimeoutMs });
  const { hold } = held;
  scope.own("lease", () => hold.release());
  scope.own("session", () => session.saved());
  scope.own("connections for files", () => parts.others.closeAll());
  scope.own("updates", () => parts.engine.stop());
  scope.own("connection", () => supervisor.stop());
  const caring = outsideSpans(() => care(account, scope.signal));
  scope.own("care for the session", async () => {
    await caring;
    await renewal.idle();
  });
  return scope;
}

function care(account: RunningAccount, signal: AbortSignal): Promise<void> {
  const { logger, options, parts, renew: rotate, renewal, session, supervisor } = account;
  const { clock, rotateAfterMs = null } = options;
  const reachable = (bounded: AbortSignal) => supervisor.use(bounded, async () => undefined);
  const endSpares = async (bounded: AbortSignal) => void (await renewal.endSpares(bounded));
  const verify = async (bounded: AbortSignal) => {
    await parts.rpc.invoke(new Api.updates.GetState(), { signal: bounded });
    await session.verify(clock.now());
  };
  return careForSession(
    { session, rotateAfterMs, reachable, endSpares, verify, rotate, clock, logger },
    signal,
  );
}
