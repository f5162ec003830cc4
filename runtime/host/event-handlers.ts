import type { Logger } from "../../telemetry/index.ts";
import type { Ticket } from "../bus/index.ts";
import {
  type Clock,
  hasCategory,
  hasCode,
  type PluginName,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { failureRecord } from "../guest/index.ts";
import type { HandlerOutcome, HandlerRunner, HandlerTask } from "./handler-runner.ts";
import type { HostJournal } from "./ports.ts";
import { nextTry } from "./retry-schedule.ts";

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

/**
 * The first of an event's former attempts is presumed, as nobody wrote down that it was not given; a second one was
 * written down.
 */
const provenAttempts = 2;
/** How long to wait when not even a dead letter can be written. */
const buryAgainMs = 60_000;

/**
 * Gives one plugin's handlers their events. One of the journal is given again where its handler fails, with growing
 * delays, and is put aside as a dead letter in the end; later events of the same chat wait meanwhile.
 */
export class EventHandlers {
  readonly #options: EventHandlersOptions;
  /** Resolves when the last of the events has run that may end the program. */
  #suspects: Promise<void> = Promise.resolve();
  readonly #paused = new AbortController();
  readonly #noMoreAttempts: AbortSignal;

  constructor(options: EventHandlersOptions) {
    this.#options = options;
    this.#noMoreAttempts = AbortSignal.any([options.runner.stopped, this.#paused.signal]);
  }

  /** Leaves events unhandled that wait for another attempt, now and from now on. */
  pause(): void {
    this.#paused.abort();
  }

  /**
   * Calls the handler once and reports its failure; never rejects.
   *
   * @returns whether it ended by itself, and was not told to
   */
  async once(task: HandlerTask): Promise<boolean> {
    const outcome = await this.#options.runner.run({ ...task, attempt: 1 });
    if (outcome.state === "failed") this.#options.onError(outcome.error, task.phase, task.event);
    return outcome.state !== "stopped";
  }

  /**
   * @param ticket of an event of the journal, else `null`
   * @returns whether the event is done with, by its handler or as a dead letter; never rejects
   */
  async handle(task: HandlerTask, ticket: Ticket | null): Promise<boolean> {
    const { plugin, runner, journal, clock, maxAttempts, onError } = this.#options;
    if (ticket === null || journal === undefined) {
      await this.once(task);
      return true;
    }
    const { event, phase } = task;
    const { seq, formerAttempts } = ticket;
    if (formerAttempts >= Math.max(maxAttempts, provenAttempts)) {
      return this.#bury(journal, task, killedProcess(plugin, formerAttempts), formerAttempts);
    }
    let counted = formerAttempts;
    for (let given = 0; ; given++) {
      const run = () => runner.run({ ...task, attempt: formerAttempts + given + 1 });
      const outcome = counted === 0 ? await run() : await this.#runSuspect(journal, { seq, counted }, run);
      if (outcome.state !== "failed") return outcome.state === "handled";
      const { error } = outcome;
      const next = nextTry(error, { given, counted }, { event, maxAttempts, clock });
      if (next === null) return this.#bury(journal, task, error, counted + 1);
      onError(error, phase, event);
      counted = next.counted;
      if (counted > 0) await this.#note(journal, seq, counted);
      if (!(await this.#wait(next.afterMs))) return false;
    }
  }

  /**
   * Runs a handler whose event was given before. That this time is on disk before it begins is how an event is found
   * that ends the program; and what may have done so goes alone, so that nothing else is blamed for it.
   */
  async #runSuspect(
    journal: HostJournal,
    { seq, counted }: { readonly seq: number; readonly counted: number },
    run: () => Promise<HandlerOutcome>,
  ): Promise<HandlerOutcome> {
    const before = this.#suspects;
    const ended = Promise.withResolvers<void>();
    if (counted >= provenAttempts) {
      this.#suspects = ended.promise;
      await before;
    }
    await this.#note(journal, seq, counted + 1);
    const outcome = await run();
    // A program that was told to end did not die of it.
    if (outcome.state === "stopped") await this.#note(journal, seq, counted);
    ended.resolve();
    return outcome;
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
  async #note(journal: HostJournal, seq: number, attempts: number): Promise<void> {
    const { plugin, logger } = this.#options;
    try {
      await journal.noteAttempts(plugin, seq, attempts);
    } catch (error) {
      // Another program hands the event out by now.
      if (hasCode(error, "LEASE_LOST")) return;
      logger.error("Cannot note how often a handler was given an event", { error });
    }
  }

  /** Whether the time has passed, and not the plugin's. */
  async #wait(delayMs: number): Promise<boolean> {
    try {
      await this.#options.clock.sleep(delayMs, { signal: this.#noMoreAttempts });
      return true;
    } catch (error) {
      if (hasCategory(error, "CANCELLED")) return false;
      throw error;
    }
  }
}

function killedProcess(plugin: PluginName, attempts: number): TelegraphistError {
  return new TelegraphistError({
    code: "PLUGIN_KILLED_PROCESS",
    category: "PLUGIN",
    message: `Cannot give the event to plugin "${plugin}" again as its process ended each time: ${attempts} times`,
    data: { attempts },
  });
}
