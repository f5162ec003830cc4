import type { Logger } from "../../telemetry/index.ts";
import type { AccountName, AccountRef, Clock, Telegram } from "../contract/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { cancelled } from "../scope/index.ts";
import type { Account } from "./account-face.ts";
import { unfitness } from "./account-fitness.ts";
import { type AccountHealth, isAtRest } from "./account-state.ts";
import { startAccounts } from "./start-accounts.ts";

export interface AccountPoolOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Accounts that one process holds. @default 256 */
  readonly maxAccounts?: number;
  /** Connections for files that nobody used for so long are closed. @default 300_000 */
  readonly idleMs?: number;
}

/** All accounts of the program: bounded in number, asked for by name, stopped together. */
export interface AccountPool extends AsyncDisposable {
  /** @throws {TelegraphistError} `POOL_EXHAUSTED`, `POOL_DUPLICATE` */
  add(account: Account): void;
  /**
   * An account that can be used now: it answers, and quickly. One of which nothing was heard for a minute is asked.
   *
   * @throws {TelegraphistError} `POOL_UNKNOWN_ACCOUNT`, `ACCOUNT_OFFLINE`, `ACCOUNT_FAILING`, `ACCOUNT_SLOW`, and what
   * `Account.ping` throws
   */
  acquire(name: AccountName, signal?: AbortSignal): Promise<Account>;
  /**
   * Starts an account that is at rest, as after a login. A session that another program has is waited for; a second call
   * waits for the first, and one of an account that runs does nothing.
   *
   * @throws {TelegraphistError} `POOL_UNKNOWN_ACCOUNT`, and what `Account.start` throws
   */
  takeUp(name: AccountName): Promise<void>;
  /** The account's port, whether it is online or not: its calls wait. @throws {TelegraphistError} `POOL_UNKNOWN_ACCOUNT` */
  telegramOf(name: AccountName): Telegram;
  refs(): readonly AccountRef[];
  health(): readonly AccountHealth[];
  /**
   * Starts all; one that cannot be started does not hold up the others, nor does one whose session another process has: it
   * waits for it on its own. One that loses its session to another program takes it up again when it is free.
   *
   * @returns what went wrong, by account
   */
  start(signal: AbortSignal): Promise<ReadonlyMap<AccountName, unknown>>;
  stop(): Promise<void>;
}

const defaultMaxAccounts = 256;
const defaultIdleMs = 300_000;

export function createAccountPool(options: AccountPoolOptions): AccountPool {
  return new Pool(options);
}

class Pool implements AccountPool {
  readonly #options: AccountPoolOptions;
  readonly #accounts = new Map<AccountName, Account>();
  readonly #takings = new Map<AccountName, Promise<void>>();
  readonly #maxAccounts: number;
  readonly #idleMs: number;
  #stopping = new AbortController();
  #starting: Promise<void> | null = null;
  #evicting: Promise<void> | null = null;

  constructor(options: AccountPoolOptions) {
    this.#options = options;
    this.#maxAccounts = options.maxAccounts ?? defaultMaxAccounts;
    this.#idleMs = options.idleMs ?? defaultIdleMs;
  }

  add(account: Account): void {
    if (this.#accounts.has(account.name)) {
      throw refusal("POOL_DUPLICATE", `Cannot add the account "${account.name}": it is there already`);
    }
    if (this.#accounts.size >= this.#maxAccounts) {
      const message = `Cannot add the account "${account.name}" as ${this.#maxAccounts} are there: raise limits.accounts.max`;
      throw refusal("POOL_EXHAUSTED", message);
    }
    this.#accounts.set(account.name, account);
    account.onState((state) => {
      if (state.state === "stopped" && state.error?.code === "LEASE_LOST") void this.#takeBack(account.name);
    });
  }

  async acquire(name: AccountName, signal?: AbortSignal): Promise<Account> {
    const account = this.#byName(name);
    const nowMs = () => this.#options.clock.now();
    let found = unfitness(account.health(), nowMs());
    if (found === "unknown") {
      await account.ping(signal && { signal });
      found = unfitness(account.health(), nowMs());
    }
    if (found instanceof TelegraphistError) throw found;
    return account;
  }

  takeUp(name: AccountName): Promise<void> {
    const account = this.#byName(name);
    const taking = this.#takings.get(name);
    if (taking !== undefined) return taking;
    if (!isAtRest(account.state)) return Promise.resolve();
    const { signal } = this.#stopping;
    const started = account.start({ signal }).finally(() => this.#takings.delete(name));
    this.#takings.set(name, started);
    return started;
  }

  telegramOf(name: AccountName): Telegram {
    return this.#byName(name).telegram;
  }

  refs(): readonly AccountRef[] {
    return Array.from(this.#accounts.values(), (account) => account.ref);
  }

  health(): readonly AccountHealth[] {
    return Array.from(this.#accounts.values(), (account) => account.health());
  }

  async start(signal: AbortSignal): Promise<ReadonlyMap<AccountName, unknown>> {
    const starts = startAccounts([...this.#accounts.values()], {
      logger: this.#options.logger,
      signal: AbortSignal.any([signal, this.#stopping.signal]),
    });
    this.#starting = starts.over;
    const failures = await starts.begun;
    this.#evicting ??= this.#evictIdle(this.#stopping.signal);
    return failures;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(cancelled("account pool"));
    await Promise.all([this.#starting, this.#evicting, Promise.allSettled(this.#takings.values())]);
    this.#starting = null;
    this.#evicting = null;
    this.#stopping = new AbortController();
    const results = await Promise.allSettled(
      Array.from(this.#accounts.values(), (account) => account.stop()),
    );
    const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason);
    if (failures.length > 0) throw new AggregateError(failures, "Cannot stop all accounts in order");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Another program may have needed the session for a moment only. */
  async #takeBack(name: AccountName): Promise<void> {
    const { signal } = this.#stopping;
    try {
      await this.takeUp(name);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.logger.error("An account that lost its session was not started again", {
        account: name,
        error,
      });
    }
  }

  async #evictIdle(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await clock.sleep(this.#idleMs / 2, { signal });
        for (const account of this.#accounts.values()) {
          const closed = await account.closeIdleConnections(this.#idleMs);
          if (closed > 0) logger.debug("Idle connections were closed", { account: account.name, closed });
        }
      } catch (error) {
        if (!signal.aborted) logger.warn("Idle connections could not be closed", { error });
      }
    }
  }

  #byName(name: AccountName): Account {
    const account = this.#accounts.get(name);
    if (account !== undefined) return account;
    throw new TelegraphistError({
      code: "POOL_UNKNOWN_ACCOUNT",
      category: "NOT_FOUND",
      message: `Cannot find the account "${name}": it is not under "accounts" in the configuration`,
      data: { account: name },
    });
  }
}

function refusal(code: string, message: string): TelegraphistError {
  return new TelegraphistError({ code, category: "INVALID", message });
}
