import { errorTypeOf, instruments, type Logger } from "../../telemetry/index.ts";
import {
  type ErrorRecord,
  type PluginName,
  parseEventId,
  type TelegraphistError,
} from "../contract/index.ts";
import { failureRecord, type Manifest } from "../guest/index.ts";
import { withDeadline } from "../scope/index.ts";
import type { CallCounters } from "./call-counters.ts";
import { CallGate } from "./call-gate.ts";
import { FailureReport } from "./failure-report.ts";
import { guestError } from "./guest-end.ts";
import { type OpenModule, rootOf } from "./open-module.ts";
import { accountsOf } from "./plugin-context.ts";
import { hashPlugin } from "./plugin-hash.ts";
import { PluginLife } from "./plugin-life.ts";
import type { PluginModule } from "./plugin-module.ts";
import type { PluginState, PluginStatus } from "./plugin-status.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";
import { Restarts } from "./restarts.ts";
import { tooSlow } from "./setup-timeout.ts";
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
  /** What changes its state takes turns. */
  readonly turns = new Turns();
  readonly #options: PluginInstanceOptions;
  readonly #host: HostOptions;
  readonly #logger: Logger;
  readonly #failures: FailureReport;
  readonly #counters: CallCounters = { events: 0, errors: 0, calls: 0, denied: 0 };
  readonly #gate: CallGate;
  readonly #restarts: Restarts;
  #entry: PluginEntry;
  #manifest: Manifest | null = null;
  #hash: string | null = null;
  #module: PluginModule | null = null;
  #life: PluginLife | null = null;
  /** What is to take over; it was set up and has not begun. */
  #next: { readonly entry: PluginEntry; readonly module: PluginModule; readonly life: PluginLife } | null =
    null;
  readonly #hurry = new AbortController();
  #crash: TelegraphistError | null = null;
  #reloads = 0;
  #reloadError: ErrorRecord | null = null;
  #state: PluginState;
  #sinceMs: number;
  #error: ErrorRecord | null = null;

  constructor(entry: PluginEntry, options: PluginInstanceOptions) {
    const { host } = options;
    this.#entry = entry;
    this.#options = options;
    this.#host = host;
    this.#restarts = new Restarts(host.limits?.restartDelayMs);
    this.#logger = host.logger.child({ plugin: entry.name });
    this.#failures = new FailureReport({ entry: () => this.#entry, host, logger: this.#logger });
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

  get entry(): PluginEntry {
    return this.#entry;
  }

  get name(): PluginName {
    return this.#entry.name;
  }

  get state(): PluginState {
    return this.#state;
  }

  get provides(): readonly string[] {
    return this.#manifest === null ? [this.#entry.name] : [this.#entry.name, this.#manifest.name];
  }

  get requires(): readonly string[] {
    return this.#manifest?.requires ?? [];
  }

  status(): PluginStatus {
    const { name, use, accounts } = this.#entry;
    const process = this.#life?.process;
    return {
      name,
      use,
      version: this.#manifest?.version ?? null,
      description: this.#manifest?.description ?? null,
      accounts,
      isolation: this.#entry.isolation ?? "process",
      hash: this.#hash,
      requested: this.#manifest?.permissions ?? {},
      process: process?.isOver === false ? process.use : null,
      restarts: this.#restarts.count,
      reloads: this.#reloads,
      reloadError: this.#reloadError,
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
      this.#module = await this.#open(this.#entry);
      this.#manifest = this.#module.manifest;
      this.#hash = this.#module.hash;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** Sets the plugin up and lets it begin; what it made is undone when it fails. */
  async start(): Promise<void> {
    this.#restarts.cancel();
    if (this.#state === "running" || !(await this.load()) || this.#module === null) return;
    this.#enter("starting");
    try {
      this.#life = await this.#prepare(this.#entry, this.#module);
      await this.#life.begin();
    } catch (error) {
      await this.#dispose();
      this.fail(error);
      return;
    }
    this.#enterRunning(this.#life, this.#module);
  }

  /** Whether there is nothing new in this entry and its files, whatever became of the plugin since. */
  async isCurrent(entry: PluginEntry): Promise<boolean> {
    if (!Bun.deepEquals(this.#entry, entry)) return false;
    return this.#state === "disabled" || (await hashPlugin(await rootOf(entry, this.#host))) === this.#hash;
  }

  /**
   * Sets the plugin up from its files as they are now, beside the life that goes on.
   *
   * @returns what has to be known to put it in order
   * @throws why it cannot start; nothing is left of it then
   */
  async prepareNext(entry: PluginEntry): Promise<OrderedPlugin> {
    const module = await this.#open(entry);
    this.#next = { entry, module, life: await this.#prepare(entry, module) };
    const { name, requires } = module.manifest;
    return { name: entry.name, provides: [entry.name, name], requires };
  }

  /** Undoes what `prepareNext` made. */
  async dropNext(): Promise<void> {
    await this.#next?.life.dispose();
    this.#next = null;
  }

  /** Has what `prepareNext` made take over, or begin where nothing ran. */
  async switchToNext(): Promise<void> {
    const next = this.#next;
    if (next === null) return;
    const before = this.#life;
    this.#restarts.cancel();
    this.#crash = null;
    this.#next = null;
    this.#entry = next.entry;
    this.#module = next.module;
    this.#manifest = next.module.manifest;
    this.#hash = next.module.hash;
    this.#life = next.life;
    try {
      if (before === null) await next.life.begin();
      else await next.life.takeOver(before, this.#hurry.signal);
    } catch (error) {
      await this.#dispose();
      this.fail(error);
      return;
    }
    if (before !== null) this.#reloads++;
    this.#reloadError = null;
    this.#enterRunning(next.life, next.module);
  }

  /** Waits no longer for handlers of a life that is taken over from, as all is to stop. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** Tells that the plugin goes on as it was. */
  failReload(reason: unknown): void {
    this.#reloadError = this.#failures.add(reason, "reload");
  }

  /** Resolves when none of its handlers runs. */
  async idle(): Promise<void> {
    await this.#life?.idle();
  }

  /** Undoes all that the plugin made. */
  async stop(state: "stopped" | "disabled"): Promise<void> {
    this.#restarts.cancel();
    await this.#dispose();
    if (state === "disabled") await this.#withdraw();
    if (state === "disabled" || this.#state === "running" || this.#state === "starting") this.#enter(state);
  }

  /** Undoes all that the plugin made, for good. @param entry as it is from then on, where it is not gone */
  async end(entry: PluginEntry = this.#entry): Promise<void> {
    this.#entry = entry;
    if (this.#state !== "disabled") await this.stop("disabled");
  }

  /** Marks it as failed for a reason, and tells so. */
  fail(reason: unknown, phase: "setup" | "process" = "setup"): void {
    this.#enter("failed", failureRecord(reason, this.#entry.name, phase));
    instruments.pluginErrors.add(1, { plugin: this.#entry.name, phase, error: errorTypeOf(reason) });
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

  #open(entry: PluginEntry): Promise<PluginModule> {
    const timeoutMs = this.#setupTimeoutMs;
    return withDeadline(() => this.#options.openModule(entry, this.#logger), {
      timeoutMs,
      clock: this.#host.clock,
      onTimeout: () => tooSlow(entry.name, "load its module", timeoutMs),
    });
  }

  #prepare(entry: PluginEntry, module: PluginModule): Promise<PluginLife> {
    return PluginLife.prepare({
      ...{ entry, module, host: this.#host, logger: this.#logger },
      ...{ counters: this.#counters, gate: this.#gate, failures: this.#failures },
      setupTimeoutMs: this.#setupTimeoutMs,
    });
  }

  #enterRunning(life: PluginLife, { manifest: { version } }: PluginModule): void {
    this.#enter("running");
    const { name } = this.#entry;
    const { bus, clock } = this.#host;
    const { pid, level } = life.process?.use ?? {};
    this.#logger.info("Plugin started", { version, ...(level !== undefined && { pid, heldBy: level }) });
    if (level === "none") this.#logger.warn("Nothing holds the plugin: whatever it does, it may");
    void life.process?.ended.then((reason) => this.#onEnd(life, reason));
    const [account] = accountsOf(this.#host, this.#entry);
    if (account === undefined) return;
    const nowMs = clock.now();
    const id = parseEventId(`plugin:${name}:started:${nowMs}`);
    void bus.emit({
      ...{ type: "plugin.started", id, account, plugin: name, version },
      ...{ atMs: nowMs, receivedAtMs: nowMs },
    });
  }

  get #setupTimeoutMs(): number {
    return this.#host.limits?.setupTimeoutMs ?? 30_000;
  }

  /** What happens while it is disabled is not for it. */
  async #withdraw(): Promise<void> {
    try {
      await this.#host.journal?.withdraw(this.name);
      await this.#host.schedules?.forget(this.name);
    } catch (error) {
      this.#failures.add(error, "dispose");
    }
  }

  #onEnd(life: PluginLife, reason: TelegraphistError): void {
    if (this.#life !== life || life.isDisposed) return;
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
    this.fail(guestError("PLUGIN_CRASH_LOOP", this.#entry.name, reason), "process");
  }

  async #dispose(): Promise<void> {
    const life = this.#life;
    this.#life = null;
    this.#module = null;
    await life?.dispose();
  }

  #enter(state: PluginState, error: ErrorRecord | null = null): void {
    this.#state = state;
    this.#error = error;
    this.#sinceMs = this.#host.clock.now();
    if (state !== "starting") this.#gate.noteState(state, error);
  }
}
