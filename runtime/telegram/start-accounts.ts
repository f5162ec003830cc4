import type { Logger } from "../../telemetry/index.ts";
import type { AccountName } from "../contract/index.ts";
import type { Account } from "./account-face.ts";

export interface AccountStarts {
  /** Resolves with what went wrong, by account, once each is started, has failed, or waits for its session. */
  readonly begun: Promise<ReadonlyMap<AccountName, unknown>>;
  /** Resolves once no account waits for its session any more. */
  readonly over: Promise<void>;
}

/** Starts accounts side by side. One whose session another process has waits until it is free, and holds up nobody. */
export function startAccounts(
  accounts: readonly Account[],
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): AccountStarts {
  const failures = new Map<AccountName, unknown>();
  const attempts = accounts.map((account) => {
    const waits = whenWaiting(account);
    const done = account.start({ signal }).catch((error: unknown) => void failures.set(account.name, error));
    return { account, done, settled: Promise.race([done, waits]) };
  });
  const begun = Promise.all(attempts.map(({ settled }) => settled)).then(() => new Map(failures));
  const finish = async ({ account: { name }, done }: (typeof attempts)[number]) => {
    const told = await begun;
    await done;
    if (!failures.has(name) || told.has(name) || signal.aborted) return;
    const error = failures.get(name);
    logger.error("An account that waited for its session was not started", { account: name, error });
  };
  return { begun, over: Promise.all(attempts.map(finish)).then(() => undefined) };
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
