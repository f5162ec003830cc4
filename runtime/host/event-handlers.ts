import type { Logger } from "../../telemetry/index.ts";
import type { Ticket } from "../bus/index.ts";
import { type Clock, hasCategory, type PluginName, type TelegraphistEvent } from "../contract/index.ts";
import type { HandlerRunner, HandlerTask } from "./handler-runner.ts";
import { failureRecord } from "./plugin-failure.ts";
import type { HostJournal } from "./ports.ts";
import { nextAttemptInMs } from "./retry-schedule.ts";

export interface EventHandlersOptions {
  readonly plugin: PluginName;
  readonly runner: HandlerRunner;
  /** Where an event waits between attempts; without one every event is given once. */
  readonly journal: HostJournal | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Attempts before an event becomes a dead letter, where the failure may be the event's own. */
  readonly maxAttempts: number;
  readonly onError: (
    error: unknown,
    phase: HandlerTask["phase"],
    event: TelegraphistEvent,
    deadLetterId?: string,
  ) => void;
}

/** How long to wait when not even a dead letter can be written. */
const buryAgainMs = 60_000;

/**
 * Gives one plugin's handlers their events. One of the journal is given again where its handler fails, with growing
 * delays, and is put aside as a dead letter in the end; later events of the same chat wait meanwhile.
 */
export class EventHandlers {
  readonly #options: EventHandlersOptions;

  constructor(options: EventHandlersOptions) {
    this.#options = options;
  }

  /** Calls the handler once and reports its failure; never rejects. */
  async once(task: HandlerTask): Promise<void> {
    const outcome = await this.#options.runner.run({ ...task, attempt: 1 });
    if (outcome.state === "failed") this.#options.onError(outcome.error, task.phase, task.event);
  }

  /**
   * @param ticket of an event of the journal, else `null`
   * @returns whether the event is done with, by its handler or as a dead letter; never rejects
   */
  async handle(task: HandlerTask, ticket: Ticket | null): Promise<boolean> {
    const { runner, journal, clock, maxAttempts, onError } = this.#options;
    if (ticket === null || journal === undefined) {
      await this.once(task);
      return true;
    }
    const { event, phase } = task;
    for (let attempt = ticket.formerAttempts + 1; ; attempt++) {
      const outcome = await runner.run({ ...task, attempt });
      if (outcome.state !== "failed") return outcome.state === "handled";
      const { error } = outcome;
      const delayMs = nextAttemptInMs(error, attempt, { event, maxAttempts, clock });
      if (delayMs === null) return this.#bury(journal, task, error, attempt);
      onError(error, phase, event);
      await this.#noteFailure(journal, ticket.seq, attempt);
      if (!(await this.#wait(delayMs))) return false;
    }
  }

  /** Puts the event aside; goes on trying while that fails, as the event would be lost. */
  async #bury(
    journal: HostJournal,
    { event, phase }: HandlerTask,
    thrown: unknown,
    attempts: number,
  ): Promise<boolean> {
    const { plugin, logger, onError } = this.#options;
    const { code, message } = failureRecord(thrown, plugin, "handler");
    for (;;) {
      try {
        const id = await journal.bury({ plugin, event, attempts, error: { code, message } });
        onError(thrown, phase, event, id);
        return true;
      } catch (error) {
        logger.error("Cannot put an event aside that its handler fails at", { eventId: event.id, error });
        if (!(await this.#wait(buryAgainMs))) return false;
      }
    }
  }

  /** A count that is lost costs an attempt more. */
  async #noteFailure(journal: HostJournal, seq: number, attempts: number): Promise<void> {
    const { plugin, logger } = this.#options;
    try {
      await journal.noteFailure(plugin, seq, attempts);
    } catch (error) {
      logger.error("Cannot note that a handler failed", { error });
    }
  }

  /** Whether the time has passed, and not the plugin's. */
  async #wait(delayMs: number): Promise<boolean> {
    const { clock, runner } = this.#options;
    try {
      await clock.sleep(delayMs, { signal: runner.stopped });
      return true;
    } catch (error) {
      if (hasCategory(error, "CANCELLED")) return false;
      throw error;
    }
  }
}
