import type { Logger } from "../../telemetry/index.ts";
import { type AccountName, hasCode } from "../contract/index.ts";
import type { Account, StartAccountOptions } from "./account-face.ts";

export interface AccountStarts {
  /**
   * Resolves with what went wrong, by account, once each is started, has failed, or waits, and one at least is started.
   * Where none is, those that wait are waited for until they give up.
   */
  readonly begun: Promise<ReadonlyMap<AccountName, unknown>>;
  /** Resolves once no account waits for its session any more. */
  readonly over: Promise<void>;
}

/**
 * Starts accounts side by side. Beside others that run, one whose session another program has waits until it is free,
 * and holds up nobody.
 */
export function startAccounts(
  accounts: readonly Account[],
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): AccountStarts {
  const failures = new Map<AccountName, unknown>();
  const oneRuns = Promise.withResolvers<true>();
  const attempts = accounts.map((account) => {
    const waits = whenWaiting(account);
    const done = failureOf(account, { signal }).then((failure) => {
      if (failure === null) oneRuns.resolve(true);
      else failures.set(account.name, failure);
    });
    return { account, done, settled: Promise.race([done, waits]) };
  });
  const anyRuns = Promise.race([
    oneRuns.promise,
    Promise.all(attempts.map(({ done }) => done)).then(() => false),
  ]);

  const begin = async () => {
    await Promise.all(attempts.map(({ settled }) => settled));
    const mayWait = await anyRuns;
    return new Map([...failures].filter(([, failure]) => !(mayWait && isHeld(failure))));
  };
  const begun = begin();
  const finish = async ({ account, done }: (typeof attempts)[number]) => {
    const told = await begun;
    if (!(await anyRuns)) return;
    await done;
    const first = failures.get(account.name) ?? null;
    const failure = isHeld(first) ? await failureOf(account, { signal, untilFree: true }) : first;
    if (failure === null || told.has(account.name) || signal.aborted) return;
    logger.error("An account that waited for its session was not started", {
      account: account.name,
      error: failure,
    });
  };
  return { begun, over: Promise.all(attempts.map(finish)).then(() => undefined) };
}

async function failureOf(account: Account, options: StartAccountOptions): Promise<unknown> {
  try {
    await account.start(options);
    return null;
  } catch (error) {
    return error;
  }
}

function isHeld(failure: unknown): boolean {
  return hasCode(failure, "LEASE_HELD");
}

function whenWaiting(account: Account): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const dispose = account.onState(({ state }) => {
    if (state !== "waiting") return;
    void dispose();
    resolve();
  });
  return promise;
}
