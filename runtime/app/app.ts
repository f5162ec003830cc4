import { resolve } from "node:path";
import { createAdmin, loadOrCreateToken } from "../admin/index.ts";
import { createEventBus, type EventBus } from "../bus/index.ts";
import {
  type AccountName,
  hasCode,
  parseAccountName,
  TelegraphistError,
  type User,
} from "../contract/index.ts";
import { createHost, type Host } from "../host/index.ts";
import { Scope, systemClock } from "../scope/index.ts";
import { LeaseKeeper, type Storage, wholeDatabase } from "../storage/index.ts";
import {
  type Account,
  type AccountPool,
  createAccountPool,
  errorOf,
  isAtRest,
  type LoginWay,
} from "../telegram/index.ts";
import { AccountMaker } from "./account-maker.ts";
import { adminPortOf } from "./admin-view.ts";
import type { AdminAddress, App, StartOptions } from "./app-face.ts";
import type { AppOptions } from "./app-options.ts";
import { definedOf } from "./defined.ts";
import { createEventPath, type EventPath } from "./event-path.ts";
import { keepHouse } from "./housekeeping.ts";
import { observeJournal } from "./journal-health.ts";
import { LoginDesk } from "./login-desk.ts";
import { openAppStorage, pluginFolderOf } from "./open-app-storage.ts";
import { pluginEntriesOf } from "./plugin-entries.ts";
import { createPluginSafety, type PluginSafety } from "./plugin-safety.ts";
import { ChangeFollower } from "./reload/follow-changes.ts";
import { Reconfiguration } from "./reload/reconfiguration.ts";
import { SessionArrivals } from "./session-arrivals.ts";
import { SessionCleanup } from "./session-cleanup.ts";
import { createSessions, type Sessions } from "./sessions.ts";

/**
 * Opens the database and puts the rooms together; nothing connects before `start()`.
 *
 * @throws {TelegraphistError} what the key, the database, or the configuration's names are refused for
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, baseFolder, logger, env = process.env, clock = systemClock } = options;
  const scope = new Scope("app", { disposeTimeoutMs: 10_000, clock });
  try {
    const storage = await openAppStorage({ config, baseFolder, env }, { logger, now: () => clock.now() });
    scope.own("storage", () => storage.close());
    return new AssembledApp(options, scope, storage);
  } catch (error) {
    await scope.dispose().catch((failure: unknown) => {
      logger.error("What was opened could not be closed in order", { error: failure });
    });
    throw error;
  }
}

class AssembledApp implements App {
  readonly bus: EventBus;
  readonly host: Host;
  readonly accounts: ReadonlyMap<AccountName, Account>;
  readonly sessions: Sessions;
  readonly reconfiguration: Reconfiguration | null;
  readonly #options: AppOptions;
  readonly #scope: Scope;
  readonly #storage: Storage;
  readonly #pool: AccountPool;
  readonly #events: EventPath;
  readonly #safety: PluginSafety;
  readonly #leases: LeaseKeeper;
  readonly #maker: AccountMaker;
  readonly #lost = new AbortController();
  #admin: AdminAddress | null = null;

  constructor(options: AppOptions, scope: Scope, storage: Storage) {
    const { config, baseFolder, logger, clock = systemClock } = options;
    this.#options = options;
    this.#scope = scope;
    this.#storage = storage;
    this.bus = createEventBus({ logger, queueSize: config.limits.queueSize });
    this.#events = createEventPath({ config, storage, bus: this.bus, clock, logger });
    this.#safety = createPluginSafety(options, { storage, clock, logger });
    scope.own("record of plugins", () => this.#safety.stop());
    const { idleMs, max: maxAccounts } = config.limits.accounts;
    this.#pool = createAccountPool({ clock, logger, idleMs, maxAccounts });
    const { durationMs } = config.storage.lease;
    this.#leases = new LeaseKeeper({ leases: storage.sessionLeases, clock, logger, durationMs });
    const shared = { storage, events: this.#events, leases: this.#leases, clock, logger };
    this.#maker = new AccountMaker({ config, ...shared });
    this.accounts = this.#maker.configured();
    for (const account of this.accounts.values()) this.#pool.add(account);
    const { api, server } = this.#maker;
    this.sessions = createSessions({
      ...{ accounts: this.accounts, storage, api, server },
      makeAccount: (name) => this.#maker.make(name),
      now: () => clock.now(),
    });
    this.host = createHost({
      bus: this.bus,
      accounts: this.#pool,
      store: storage.pluginStore,
      schedules: storage.pluginSchedules,
      ...definedOf({ journal: this.#events.journal }),
      logger,
      clock,
      ...definedOf({ pluginClock: options.pluginClock }),
      baseFolder,
      pluginFolder: pluginFolderOf(options),
      env: options.env ?? process.env,
      runsUnheld: config.sandbox.whenUnavailable !== "refuse",
      ...this.#safety.host,
      limits: {
        ...config.limits,
        pluginMemoryBytes: config.limits.plugin.memoryBytes,
        pluginSilenceMs: config.limits.plugin.silenceMs,
        maxAttempts: config.journal.maxAttempts,
        drainTimeoutMs: config.reload.drainMs,
      },
    });
    const { document, env = process.env } = options;
    this.reconfiguration =
      document === undefined
        ? null
        : new Reconfiguration({ read: { config, document, baseFolder }, host: this.host, env, logger });
  }

  get admin(): AdminAddress | null {
    return this.#admin;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async login(name: string, way: LoginWay): Promise<User> {
    const account = this.accounts.get(parseAccountName(name));
    if (account !== undefined) return account.login(way);
    const known = [...this.accounts.keys()].map((other) => JSON.stringify(other)).join(", ");
    throw new TelegraphistError({
      code: "APP_UNKNOWN_ACCOUNT",
      category: "NOT_FOUND",
      message: `Cannot log in ${JSON.stringify(name)} as "accounts" has no such name: it has ${known}`,
    });
  }

  async start({
    signal = new AbortController().signal,
    waitMs,
    awaitsLogin = false,
    watch,
  }: StartOptions = {}): Promise<void> {
    const { config, logger, clock = systemClock } = this.#options;
    await this.#takeDatabase(waitMs ?? config.storage.lease.waitMs, signal);
    await this.#openAdmin();
    const entries = pluginEntriesOf(config);
    await this.#storage.pluginSchedules.retain(entries.map(({ name }) => name));
    this.#scope.own("events", () => this.#events.stop());
    await this.#events.begin(entries.filter(({ enabled }) => enabled !== false).map(({ name }) => name));
    this.#scope.own(
      "gauges of the journal",
      observeJournal(() => this.#events.stock(), clock),
    );
    const cleanup = new SessionCleanup({ sessions: this.sessions, clock, logger });
    void keepHouse([this.#storage, this.#events, this.#safety, cleanup], {
      clock,
      logger,
      signal: this.#scope.signal,
    });
    this.#scope.own("accounts", () => this.#pool.stop());
    const arrivals = await this.#sessionArrivals();
    this.#refuseWhenAllFailed(await this.#pool.start(signal), awaitsLogin);
    void arrivals.watch(this.#scope.signal);
    this.#scope.own("plugins", () => this.host.stop());
    await this.host.start(entries);
    this.#events.open();
    await this.reconfiguration?.keep();
    if (watch ?? config.reload.watch) await this.#followChanges();
  }

  async drain(signal: AbortSignal): Promise<void> {
    await this.#events.drain(signal);
    await this.host.idle();
  }

  stop(): Promise<void> {
    // Whoever waits to hand out an event must not wait for ever.
    this.#events.open();
    return this.#scope.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Nothing is written before: what is there is the other program's. */
  async #takeDatabase(waitMs: number, signal: AbortSignal): Promise<void> {
    const hold = await this.#leases.take(wholeDatabase, { waitMs, signal });
    this.#scope.own("database", () => hold.release());
    const onLost = () => {
      // The other program's plugins are given what is not handled.
      void this.#events.stop();
      this.#lost.abort(hold.lost.reason);
    };
    hold.lost.addEventListener("abort", onLost, { once: true });
  }

  async #followChanges(): Promise<void> {
    if (this.reconfiguration === null) return;
    const { baseFolder, logger } = this.#options;
    const follower = await ChangeFollower.start({
      ...{ reconfiguration: this.reconfiguration, host: this.host, baseFolder, logger },
      pluginFolder: pluginFolderOf(this.#options),
    });
    this.#scope.own("watch of files", () => follower[Symbol.asyncDispose]());
  }

  async #openAdmin(): Promise<void> {
    const { config, baseFolder, version, logger, errors, telemetry, clock = systemClock } = this.#options;
    if (!config.admin.enabled) return;
    const { host, bus, sessions, reconfiguration } = this;
    const logins = new LoginDesk({
      login: (account, way) => this.login(account, way),
      phoneOf: (account) => config.accounts[account]?.phone,
      run: (account) => this.#run(account),
      ...{ clock, logger },
    });
    this.#scope.own("logins", () => logins.stop());
    const port = adminPortOf({
      ...{ host, bus, errors, telemetry, clock, logins, sessions, reconfiguration },
      accounts: this.#pool,
      storage: this.#storage,
      events: this.#events,
    });
    const token = await loadOrCreateToken(resolve(baseFolder, config.admin.tokenFile));
    const admin = createAdmin(port, { token, version, logger, now: () => clock.now() });
    const url = await admin.listen({ host: config.admin.host, port: config.admin.port });
    this.#scope.own("admin", () => admin.stop());
    this.#admin = { url, token };
  }

  #sessionArrivals(): Promise<SessionArrivals> {
    const { logger, clock = systemClock } = this.#options;
    return SessionArrivals.from({
      atRest: () =>
        [...this.accounts.values()]
          .filter(({ state }) => isAtRest(state))
          .map(({ name, state }) => ({ account: name, mayHeal: errorOf(state)?.retryable === true })),
      list: () => this.#storage.sessions.list(),
      takeUp: (account) => this.#pool.takeUp(account),
      ...{ clock, logger },
    });
  }

  /** Takes up the session of an account that was logged in meanwhile. */
  async #run(name: string): Promise<boolean> {
    try {
      await this.#pool.takeUp(parseAccountName(name));
      return true;
    } catch (error) {
      this.#options.logger.error("An account was logged in and not started", { account: name, error });
      return false;
    }
  }

  #refuseWhenAllFailed(failures: ReadonlyMap<AccountName, unknown>, awaitsLogin: boolean): void {
    for (const [account, error] of failures)
      this.#options.logger.error("An account was not started", { account, error });
    const [first] = failures.values();
    if (failures.size === 0 || failures.size < this.accounts.size) return;
    const isLoginMissing = [...failures.values()].every((error) =>
      hasCode(error, "ACCOUNT_NO_SESSION", "SESSION_KEY_MISSING"),
    );
    if (!awaitsLogin || !isLoginMissing) throw first;
  }
}
