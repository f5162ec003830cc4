import {
  attributeNames,
  errorTypeOf,
  instruments,
  type Logger,
  span,
  spanNames,
} from "../../telemetry/index.ts";
import { type ErrorRecord, parseEventId, TelegraphistError } from "../contract/index.ts";
import { failureRecord, type Manifest } from "../guest/index.ts";
import { Scope, withDeadline } from "../scope/index.ts";
import { acceptPlugin } from "./accept-plugin.ts";
import type { CallCounters } from "./call-counters.ts";
import { CallGate } from "./call-gate.ts";
import { FailureReport } from "./failure-report.ts";
import { grantsOf } from "./grants.ts";
import { Guard } from "./guard.ts";
import { guestError } from "./guest-end.ts";
import type { GuestProcess } from "./guest-process.ts";
import type { HandlerRunner } from "./handler-runner.ts";
import type { OpenModule } from "./open-module.ts";
import { accountsOf, createPluginContext } from "./plugin-context.ts";
import { createPluginHandlers } from "./plugin-handlers.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { PluginState, PluginStatus } from "./plugin-status.ts";
import type { EventReading, HostOptions, PluginEntry } from "./ports.ts";
import { Restarts } from "./restarts.ts";
import type { OrderedPlugin } from "./start-order.ts";
import { Turns } from "./turns.ts";

/** What one plugin needs of the host that has it. */
export interface PluginInstanceOptions {
  readonly host: HostOptions;
  readonly openModule: OpenModule;
  /** Called when the plugin's process has ended by itself; MUST call `recover` in the plugin's turn. */
  readonly onCrash: () => void;
  /** Called when it may start again; MUST call `startAgain` in the plugin's turn. */
  readonly onRestart: () => void;
}

/** One entry of the configuration through its life. Its methods never throw: what goes wrong is its status. */
export class PluginInstance implements OrderedPlugin {
  readonly entry: PluginEntry;
  /** What changes its state takes turns. */
  readonly turns = new Turns();
  readonly #options: PluginInstanceOptions;
  readonly #host: HostOptions;
  readonly #logger: Logger;
  readonly #failures: FailureReport;
  readonly #counters: CallCounters = { events: 0, errors: 0, calls: 0, denied: 0 };
  readonly #gate: CallGate;
  readonly #restarts: Restarts;
  #manifest: Manifest | null = null;
  #module: PluginModule | null = null;
  #process: GuestProcess | null = null;
  #crash: TelegraphistError | null = null;
  #scope: Scope | null = null;
  #runner: HandlerRunner | null = null;
  #state: PluginState;
  #sinceMs: number;
  #error: ErrorRecord | null = null;

  constructor(entry: PluginEntry, options: PluginInstanceOptions) {
    const { host } = options;
    this.entry = entry;
    this.#options = options;
    this.#host = host;
    this.#restarts = new Restarts(host.limits?.restartDelayMs);
    this.#logger = host.logger.child({ plugin: entry.name });
    this.#failures = new FailureReport({ entry, host, logger: this.#logger });
    this.#gate = new CallGate({
      plugin: entry.name,
      counters: this.#counters,
      audit: host.audit,
      limits: host.limits?.plugin,
      now: () => host.clock.now(),
    });
    this.#state = entry.enabled === false ? "disabled" : "stopped";
    this.#sinceMs = host.clock.now();
  }

  get name(): string {
    return this.entry.name;
  }

  get state(): PluginState {
    return this.#state;
  }

  get provides(): readonly string[] {
    return this.#manifest === null ? [this.entry.name] : [this.entry.name, this.#manifest.name];
  }

  get requires(): readonly string[] {
    return this.#manifest?.requires ?? [];
  }

  status(): PluginStatus {
    const { name, use, accounts } = this.entry;
    return {
      name,
      use,
      version: this.#manifest?.version ?? null,
      description: this.#manifest?.description ?? null,
      accounts,
      isolation: this.entry.isolation ?? "process",
      process: this.#process?.isOver === false ? this.#process.use : null,
      restarts: this.#restarts.count,
      state: this.#state,
      sinceMs: this.#sinceMs,
      error: this.#error,
      counters: { ...this.#counters },
      lastError: this.#failures.last,
    };
  }

  /** Finds the module and has a look at it, so that its requirements are known; whether it could. */
  async load(): Promise<boolean> {
    if (this.#module !== null) return true;
    this.#enter("starting");
    try {
      this.#module = await withDeadline(() => this.#options.openModule(this.entry, this.#logger), {
        timeoutMs: this.#setupTimeoutMs,
        clock: this.#host.clock,
        onTimeout: () => this.#tooSlow("load its module"),
      });
      this.#manifest = this.#module.manifest;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** Runs `setup` in a scope of its own; what it made is undone when it fails. */
  async start(): Promise<void> {
    this.#restarts.cancel();
    if (this.#state === "running" || !(await this.load()) || this.#module === null) return;
    this.#enter("starting");
    const module = this.#module;
    const { clock, limits, bus } = this.#host;
    const scope = new Scope(`plugin ${this.entry.name}`, {
      disposeTimeoutMs: limits?.stopTimeoutMs ?? 10_000,
      clock,
    });
    this.#scope = scope;
    const attributes = { [attributeNames.plugin]: this.entry.name };
    try {
      // Owned first, so that all that handlers still do until they are told to end is counted.
      let reading: EventReading | undefined;
      scope.own("place in the journal", () => reading?.close());
      await span(spanNames.pluginSetup, { root: true, attributes }, () => this.#setUp(module, scope));
      reading = await this.#host.journal?.open(this.entry.name);
      scope.own("events of the journal", () => reading?.pause());
    } catch (error) {
      await this.#dispose();
      this.fail(error);
      return;
    }
    this.#enter("running");
    const { version } = module.manifest;
    const { pid, level } = this.#process?.use ?? {};
    this.#logger.info("Plugin started", { version, ...(level !== undefined && { pid, heldBy: level }) });
    void this.#process?.ended.then((reason) => this.#onEnd(scope, reason));
    const [account] = accountsOf(this.#host, this.entry);
    if (account === undefined) return;
    const nowMs = clock.now();
    const id = parseEventId(`plugin:${this.entry.name}:started:${nowMs}`);
    const { name } = this.entry;
    void bus.emit({
      type: "plugin.started",
      id,
      account,
      atMs: nowMs,
      receivedAtMs: nowMs,
      plugin: name,
      version,
    });
  }

  /** Resolves when none of its handlers runs. */
  async idle(): Promise<void> {
    await this.#runner?.idle();
  }

  /** Undoes all that the plugin made. */
  async stop(state: "stopped" | "disabled"): Promise<void> {
    this.#restarts.cancel();
    await this.#dispose();
    if (state === "disabled") await this.#withdraw();
    if (state === "disabled" || this.#state === "running" || this.#state === "starting") this.#enter(state);
  }

  /** Marks it as failed for a reason, and tells so. */
  fail(reason: unknown, phase: "setup" | "process" = "setup"): void {
    this.#enter("failed", failureRecord(reason, this.entry.name, phase));
    instruments.pluginErrors.add(1, { plugin: this.entry.name, phase, error: errorTypeOf(reason) });
    this.#failures.add(reason, phase);
  }

  /** Undoes what is left after its process ended by itself, and has it start again in a while. */
  async recover(): Promise<void> {
    const reason = this.#crash;
    if (reason === null) return;
    this.#crash = null;
    await this.#dispose();
    this.fail(reason, "process");
    this.#startSoon();
  }

  /** Starts it after its process has ended; where that fails it counts as one more end. */
  async startAgain(start: () => Promise<void>): Promise<void> {
    this.#restarts.count++;
    await start();
    if (this.#state === "failed") this.#startSoon();
  }

  async #setUp(module: PluginModule, scope: Scope): Promise<void> {
    const { clock } = this.#host;
    const { permissions } = module.manifest;
    this.#requireAccounts();
    const onPinned = () => this.#gate.noteState("pinned", null);
    const entry = await acceptPlugin(module.manifest, this.entry, this.#host, onPinned);
    const grants = await grantsOf(permissions, entry, this.#host);
    const guard = new Guard(entry.name, grants, this.#counters, this.#gate);
    const { runner, handlers } = createPluginHandlers({
      ...{ host: this.#host, plugin: entry.name, guard, logger: this.#logger, counters: this.#counters },
      onError: (error, phase, event, deadLetterId) =>
        this.#gate.noteHandlerFailure(this.#failures.add(error, phase, event, deadLetterId)),
    });
    this.#runner = runner;
    const contextOf = (config: unknown) =>
      createPluginContext({
        ...{ host: this.#host, entry: this.entry, config, guard, scope, handlers },
        logger: this.#logger,
      });
    try {
      this.#process = await withDeadline(() => module.setUp({ guard, scope, contextOf }), {
        timeoutMs: this.#setupTimeoutMs,
        clock,
        onTimeout: () => this.#tooSlow("finish setup"),
      });
    } finally {
      // Owned last, so that handlers have ended before anything that they use is undone.
      scope.own("handlers", () => runner.stop());
    }
  }

  get #setupTimeoutMs(): number {
    return this.#host.limits?.setupTimeoutMs ?? 30_000;
  }

  #requireAccounts(): void {
    const known = this.#host.accounts.refs().map((ref) => ref.name);
    const missing = this.entry.accounts.filter((name) => !known.includes(name));
    if (missing.length === 0 && this.entry.accounts.length > 0) return;
    const reason = missing.length === 0 ? "it has none" : `there is no account ${missing.join(", ")}`;
    throw new TelegraphistError({
      code: "HOST_ACCOUNT_MISSING",
      category: "CONFIG",
      message: `Cannot start plugin "${this.entry.name}" with plugins.${this.entry.name}.accounts: ${reason}`,
      data: { plugin: this.entry.name, missing },
    });
  }

  #tooSlow(what: string): TelegraphistError {
    return new TelegraphistError({
      code: "PLUGIN_SETUP_TIMEOUT",
      category: "PLUGIN",
      message: `Cannot start plugin "${this.entry.name}" as it did not ${what}: no end after ${this.#setupTimeoutMs} ms`,
    });
  }

  /** What happens while it is disabled is not for it. */
  async #withdraw(): Promise<void> {
    try {
      await this.#host.journal?.withdraw(this.entry.name);
    } catch (error) {
      this.#failures.add(error, "dispose");
    }
  }

  #onEnd(scope: Scope, reason: TelegraphistError): void {
    if (this.#scope !== scope || scope.isDisposed) return;
    this.#crash = reason;
    this.#options.onCrash();
  }

  #startSoon(): void {
    const delayMs = this.#restarts.plan(this.#options.onRestart);
    if (delayMs !== null) {
      this.#logger.warn("Plugin is started again", { delayMs });
      return;
    }
    const reason = `its process ended too often, the last time for ${this.#error?.code}`;
    this.fail(guestError("PLUGIN_CRASH_LOOP", this.entry.name, reason), "process");
  }

  async #dispose(): Promise<void> {
    const scope = this.#scope;
    this.#scope = null;
    this.#module = null;
    try {
      await scope?.dispose();
    } catch (error) {
      this.#failures.add(error, "dispose");
    }
  }

  #enter(state: PluginState, error: ErrorRecord | null = null): void {
    this.#state = state;
    this.#error = error;
    this.#sinceMs = this.#host.clock.now();
    if (state !== "starting") this.#gate.noteState(state, error);
  }
}
