import { attributeNames, errorTypeOf, instruments, span, spanNames } from "../../telemetry/index.ts";
import {
  type AccountName,
  type Clock,
  type HandlerContext,
  hasCategory,
  hasCode,
  type Log,
  type PluginFailed,
  type PluginName,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { cancelled } from "../scope/index.ts";
import type { CallCounters } from "./call-counters.ts";
import { Delivery, type DeliveryOptions } from "./delivery.ts";
import { handledEvent } from "./handled-event.ts";

export interface HandlerRunnerOptions extends Pick<DeliveryOptions, "telegramOf"> {
  readonly logOf: (account: AccountName) => Log;
  readonly plugin: PluginName;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly counters: CallCounters;
}

/** One handler's call with one event. */
export interface HandlerTask {
  readonly event: TelegraphistEvent;
  readonly phase: Extract<PluginFailed["phase"], "handler" | "schedule">;
  /** Which of the plugin's handlers it is; the same in every life of the plugin. */
  readonly handler: string;
  readonly handle: (context: HandlerContext) => void | Promise<void>;
}

export type HandlerOutcome =
  | { readonly state: "handled" }
  /** It was told to end, and did not do all. */
  | { readonly state: "stopped" }
  /** What it threw, or that its time was over. */
  | { readonly state: "failed"; readonly error: unknown };

/** Runs one plugin's handlers: each in a span of the event's trace, with a deadline, its errors counted. */
export class HandlerRunner {
  readonly #options: HandlerRunnerOptions;
  /** In the order in which they started, which is the order of their deadlines. */
  readonly #running = new Map<Delivery, Promise<unknown>>();
  readonly #stopped = new AbortController();
  #isWatching = false;

  constructor(options: HandlerRunnerOptions) {
    this.#options = options;
  }

  /** Aborted when handlers are told to end. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /**
   * Resolves when the handler has ended or its time is over; never rejects.
   *
   * @param task.attempt 1 for the event's first delivery
   */
  run({ attempt, ...task }: HandlerTask & { readonly attempt: number }): Promise<HandlerOutcome> {
    if (this.#stopped.signal.aborted) return Promise.resolve({ state: "stopped" });
    const { clock, logOf, telegramOf } = this.#options;
    const { event, handler } = task;
    const log = logOf(event.account.name);
    const delivery = new Delivery({ event, handler, attempt, startedAtMs: clock.now(), log, telegramOf });
    const done = this.#deliver(delivery, task);
    this.#running.set(delivery, done);
    if (!this.#isWatching) void this.#watch();
    return done;
  }

  /** Resolves when none of them runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Tells every running handler to end and waits for them; later events are dropped. */
  async stop(): Promise<void> {
    const error = cancelled(`handlers of plugin "${this.#options.plugin}"`);
    this.#stopped.abort(error);
    for (const delivery of this.#running.keys()) delivery.abort(error);
    await Promise.all(this.#running.values());
  }

  async #deliver(delivery: Delivery, { event, phase, handle }: HandlerTask): Promise<HandlerOutcome> {
    const { plugin, clock, counters } = this.#options;
    const { traceparent } = event;
    counters.events++;
    try {
      await span(
        phase === "handler" ? spanNames.handle : spanNames.schedule,
        {
          kind: "consumer",
          traceparent,
          // What is active here belongs to another event: the queue goes on where the last handler ended.
          root: traceparent === undefined,
          attributes: {
            [attributeNames.plugin]: plugin,
            [attributeNames.account]: event.account.name,
            [attributeNames.event]: event.type,
            [attributeNames.eventId]: event.id,
          },
        },
        () => handledEvent.run(event.id, () => delivery.settle(handle)),
      );
      return { state: "handled" };
    } catch (error) {
      // A handler that was told to stop and says so did as it should.
      if (this.#stopped.signal.aborted && !endedProcess(error)) return { state: "stopped" };
      counters.errors++;
      instruments.pluginErrors.add(1, { plugin, phase, error: errorTypeOf(error) });
      return { state: "failed", error };
    } finally {
      this.#running.delete(delivery);
      instruments.eventLatency.record(clock.now() - event.receivedAtMs, { plugin, event: event.type });
    }
  }

  /** Ends what has run out of time; one sleep for all handlers, as a timer for each would cost more than most of them. */
  async #watch(): Promise<void> {
    const { clock, timeoutMs } = this.#options;
    this.#isWatching = true;
    try {
      for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
        const leftMs = oldest.startedAtMs + timeoutMs - clock.now();
        if (leftMs > 0) await clock.sleep(leftMs, { signal: this.#stopped.signal });
        else this.#expire(oldest);
      }
    } catch (error) {
      // A runner that is stopped has no deadline left to keep.
      if (!hasCode(error, "CANCELLED")) throw error;
    } finally {
      this.#isWatching = false;
    }
  }

  #oldest(): Delivery | undefined {
    return this.#running.keys().next().value;
  }

  #expire(delivery: Delivery): void {
    const { plugin, timeoutMs } = this.#options;
    this.#running.delete(delivery);
    delivery.expire(
      new TelegraphistError({
        code: "PLUGIN_HANDLER_TIMEOUT",
        category: "CANCELLED",
        message: `Cannot finish handler of plugin "${plugin}": no end after ${timeoutMs} ms`,
      }),
    );
  }
}

/** Whether a plugin's process ended unbidden under the handler, which is also what stops the plugin's other handlers. */
function endedProcess(error: unknown): boolean {
  return hasCategory(error, "PLUGIN") && !hasCode(error, "PLUGIN_STOPPED");
}
