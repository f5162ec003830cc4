import { attributeNames, type Logger, span, spanNames } from "../../telemetry/index.ts";
import { Intake } from "../bus/index.ts";
import {
  type HandlerContext,
  parseEventId,
  type ScheduleDue,
  type ScheduleHandler,
  TelegraphistError,
} from "../contract/index.ts";
import { Scope, withDeadline } from "../scope/index.ts";
import { acceptPlugin } from "./accept-plugin.ts";
import type { CallCounters } from "./call-counters.ts";
import type { CallGate } from "./call-gate.ts";
import type { EventHandlers } from "./event-handlers.ts";
import type { FailureReport } from "./failure-report.ts";
import { grantsOf } from "./grants.ts";
import { Guard } from "./guard.ts";
import type { GuestProcess } from "./guest-process.ts";
import type { HandlerRunner } from "./handler-runner.ts";
import { accountsOf, createPluginContext } from "./plugin-context.ts";
import { createPluginHandlers } from "./plugin-handlers.ts";
import type { PluginModule } from "./plugin-module.ts";
import { PluginSchedule } from "./plugin-schedule.ts";
import type { EventReading, HostOptions, PluginEntry } from "./ports.ts";
import { PluginScheduleBook } from "./schedule-book.ts";
import { tooSlow } from "./setup-timeout.ts";

export interface PluginLifeOptions {
  readonly entry: PluginEntry;
  readonly module: PluginModule;
  readonly host: HostOptions;
  readonly logger: Logger;
  readonly counters: CallCounters;
  readonly gate: CallGate;
  readonly failures: FailureReport;
  readonly setupTimeoutMs: number;
}

/** One life of a plugin, from its setup until all that it made is undone. It is given events and turns from `begin` on. */
export class PluginLife {
  readonly #options: PluginLifeOptions;
  readonly #scope: Scope;
  readonly #intake = new Intake();
  readonly #schedule: PluginSchedule;
  #process: GuestProcess | null = null;
  #runner: HandlerRunner | null = null;
  #handlers: EventHandlers | null = null;
  #reading: EventReading | undefined;

  private constructor(options: PluginLifeOptions) {
    const { entry, host, logger } = options;
    const { clock, pluginClock = clock, limits, schedules } = host;
    this.#options = options;
    this.#scope = new Scope(`plugin ${entry.name}`, {
      disposeTimeoutMs: limits?.stopTimeoutMs ?? 10_000,
      clock,
    });
    this.#schedule = new PluginSchedule({
      scope: this.#scope,
      clock: pluginClock,
      book: new PluginScheduleBook(schedules, entry.name, (error) =>
        logger.error("Cannot keep when a schedule is due", { error }),
      ),
      onDue: (name, dueAtMs, handler) => this.#onDue(name, dueAtMs, handler),
    });
    // Owned first, so that all that handlers still do until they are told to end is counted.
    this.#scope.own("place in the journal", () => this.#reading?.close());
  }

  /** Sets the plugin up. @throws why that cannot be; what it made is undone then */
  static async prepare(options: PluginLifeOptions): Promise<PluginLife> {
    const life = new PluginLife(options);
    const attributes = { [attributeNames.plugin]: options.entry.name };
    try {
      await span(spanNames.pluginSetup, { root: true, attributes }, () => life.#setUp());
      return life;
    } catch (error) {
      await life.dispose();
      throw error;
    }
  }

  /** Its process, where it has one of its own. */
  get process(): GuestProcess | null {
    return this.#process;
  }

  get isDisposed(): boolean {
    return this.#scope.isDisposed;
  }

  /**
   * Goes on where the plugin stands in the journal.
   *
   * @param sinceMs turns that fell due after it are made up for. @default the present
   * @throws {TelegraphistError} what the journal throws
   */
  async begin(sinceMs?: number): Promise<void> {
    this.#intake.open();
    this.#reading = await this.#options.host.journal?.open(this.#options.entry.name);
    this.#scope.own("events of the journal", () => this.#reading?.pause());
    this.#schedule.begin(sinceMs);
  }

  /**
   * Takes over from another life of the plugin: what the other has begun it may end in its time, all else is this one's.
   *
   * @param hurry when it is aborted, the other is told to end at once
   * @throws {TelegraphistError} what `begin` throws
   */
  async takeOver(from: PluginLife, hurry: AbortSignal): Promise<void> {
    const { clock, pluginClock = clock } = this.#options.host;
    const sinceMs = pluginClock.now();
    const ended = from.#end(hurry);
    // At the same moment, so that no event finds neither.
    this.#intake.open();
    await ended;
    await this.begin(sinceMs);
  }

  /** Resolves when none of its handlers runs. */
  async idle(): Promise<void> {
    await this.#runner?.idle();
  }

  /** Undoes all that was made; what goes wrong in that is told. */
  async dispose(): Promise<void> {
    try {
      await this.#scope.dispose();
    } catch (error) {
      this.#options.failures.add(error, "dispose");
    }
  }

  /** Takes nothing new, lets handlers end that run, and undoes all. */
  async #end(hurry: AbortSignal): Promise<void> {
    const { host, logger } = this.#options;
    // The journal first: what it has handed out and nobody has begun comes again.
    this.#reading?.pause();
    const emptied = [this.#intake.close(), this.#schedule.pause()];
    this.#handlers?.pause();
    const timeoutMs = host.limits?.drainTimeoutMs ?? 10_000;
    const drained = withDeadline(() => Promise.all([...emptied, this.idle()]), {
      timeoutMs,
      clock: host.clock,
      signal: hurry,
      onTimeout: () =>
        new TelegraphistError({
          code: "PLUGIN_DRAIN_TIMEOUT",
          category: "CANCELLED",
          message: `Cannot wait for handlers of plugin "${this.#options.entry.name}": no end after ${timeoutMs} ms`,
        }),
    });
    await drained.catch((error: unknown) => logger.warn("Handlers are told to end", { error }));
    await this.dispose();
  }

  async #setUp(): Promise<void> {
    const { entry, module, host, counters, gate, failures, logger, setupTimeoutMs } = this.#options;
    requireAccounts(entry, host);
    const onPinned = () => gate.noteState("pinned", null);
    const accepted = await acceptPlugin(module.manifest, entry, host, onPinned);
    const grants = await grantsOf(module.manifest.permissions, accepted, host);
    const guard = new Guard(entry.name, grants, counters, gate);
    const scope = this.#scope;
    const { runner, handlers } = createPluginHandlers({
      ...{ host, plugin: entry.name, guard, logger, counters },
      onError: (error, phase, event, deadLetterId) =>
        gate.noteHandlerFailure(failures.add(error, phase, event, deadLetterId)),
    });
    this.#runner = runner;
    this.#handlers = handlers;
    const contextOf = (config: unknown) =>
      createPluginContext({
        ...{ host, entry, config, guard, scope, handlers, logger },
        intake: this.#intake,
        schedule: this.#schedule,
      });
    try {
      this.#process = await withDeadline((signal) => module.setUp({ guard, scope, contextOf, signal }), {
        timeoutMs: setupTimeoutMs,
        clock: host.clock,
        onTimeout: () => tooSlow(entry.name, "finish setup", setupTimeoutMs),
      });
    } finally {
      // Owned last, so that handlers have ended before anything that they use is undone.
      scope.own("handlers", () => runner.stop());
    }
  }

  async #onDue(schedule: string, dueAtMs: number, handler: ScheduleHandler): Promise<boolean> {
    const { entry, host } = this.#options;
    const [account] = accountsOf(host, entry);
    if (account === undefined || this.#handlers === null) return false;
    const event: ScheduleDue = {
      type: "schedule.due",
      // The same for a turn that is repeated, so that what it sent is known again.
      id: parseEventId(`schedule:${entry.name}:${schedule}:${dueAtMs}`),
      account,
      atMs: dueAtMs,
      receivedAtMs: host.clock.now(),
      plugin: entry.name,
      schedule,
      dueAtMs,
    };
    await host.bus.emit(event);
    const handle = (context: HandlerContext) => handler(event, context);
    return this.#handlers.once({ event, phase: "schedule", handler: `schedule ${schedule}`, handle });
  }
}

function requireAccounts({ name, accounts }: PluginEntry, host: HostOptions): void {
  const known = host.accounts.refs().map((ref) => ref.name);
  const missing = accounts.filter((account) => !known.includes(account));
  if (missing.length === 0 && accounts.length > 0) return;
  const reason = missing.length === 0 ? "it has none" : `there is no account ${missing.join(", ")}`;
  throw new TelegraphistError({
    code: "HOST_ACCOUNT_MISSING",
    category: "CONFIG",
    message: `Cannot start plugin "${name}" with plugins.${name}.accounts: ${reason}`,
    data: { plugin: name, missing },
  });
}
