import type { AfterOptions, Clock, CronOptions, Schedule, ScheduleHandler } from "../contract/index.ts";
import { type Scope, sleepUntil } from "../scope/index.ts";
import type { PluginScheduleBook } from "./schedule-book.ts";
import {
  cronDue,
  everyTurn,
  everyTurnOrMissed,
  invalidSchedule,
  oneKeptTurn,
  oneTurn,
  type ScheduleTurns,
} from "./schedule-turns.ts";

const maxDelayMs = 366 * 86_400_000;
/** So that the name of a turn, which has the plugin's and the time in it too, is an event's id. */
const maxNameLength = 100;

export interface PluginScheduleOptions {
  readonly scope: Scope;
  readonly clock: Clock;
  readonly book: PluginScheduleBook;
  /**
   * Runs the handler like an event's; MUST NOT reject.
   *
   * @returns whether the turn is over; one that is not is kept where it can be
   */
  readonly onDue: (name: string, dueAtMs: number, handler: ScheduleHandler) => Promise<boolean>;
}

interface Entry {
  readonly name: string;
  readonly handler: ScheduleHandler;
  readonly turns: ScheduleTurns;
  readonly stopped: AbortController;
  /** Resolves when what had the name before runs no more. */
  readonly before: Promise<void>;
  isRunning: boolean;
  /** Resolves when none of its turns runs any more; set when it has begun. */
  ended: Promise<void>;
}

/**
 * Cron and delays of one plugin, from `begin` on. One name's handler runs once at a time: what falls due meanwhile is
 * left out.
 */
export class PluginSchedule implements Schedule {
  readonly #options: PluginScheduleOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #paused = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #sinceMs: number | null = null;

  constructor(options: PluginScheduleOptions) {
    this.#options = options;
  }

  cron(
    name: string,
    expression: string,
    handler: ScheduleHandler,
    { timeZone, missed = "skip" }: CronOptions = {},
  ): () => Promise<void> {
    const { book, clock } = this.#options;
    const nextDue = cronDue(name, expression, timeZone);
    const turns =
      missed === "once"
        ? everyTurnOrMissed(nextDue, `cron ${name}`, book)
        : everyTurn(nextDue, () => this.#sinceMs ?? clock.now());
    return this.#add(name, turns, handler);
  }

  after(
    name: string,
    delayMs: number,
    handler: ScheduleHandler,
    { keep = false }: AfterOptions = {},
  ): () => Promise<void> {
    if (!(delayMs >= 0 && delayMs <= maxDelayMs)) {
      throw invalidSchedule(name, `the delay must be 0 to ${maxDelayMs} ms, received ${delayMs}`);
    }
    const dueAtMs = this.#options.clock.now() + delayMs;
    // A handler that sets its own name again means the next turn, not the one that it is.
    const isAnew = this.#entries.get(name)?.isRunning === true;
    const turns = keep ? oneKeptTurn(dueAtMs, `after ${name}`, this.#options.book, isAnew) : oneTurn(dueAtMs);
    return this.#add(name, turns, handler);
  }

  /** @param sinceMs turns of cron that fell due after it are made up for. @default the present */
  begin(sinceMs: number = this.#options.clock.now()): void {
    this.#sinceMs = sinceMs;
    for (const entry of this.#entries.values()) this.#start(entry);
  }

  /** Begins no more turns. Resolves when those that run are over. */
  async pause(): Promise<void> {
    this.#paused.abort();
    await Promise.all(this.#running);
  }

  #add(name: string, turns: ScheduleTurns, handler: ScheduleHandler): () => Promise<void> {
    if (name.length === 0 || name.length > maxNameLength) {
      throw invalidSchedule(
        name.slice(0, maxNameLength),
        `a name must have 1 to ${maxNameLength} characters`,
      );
    }
    const before = this.#entries.get(name);
    before?.stopped.abort();
    const stopped = new AbortController();
    const ended = Promise.resolve();
    const entry: Entry = {
      ...{ name, handler, turns, stopped, ended },
      before: before?.ended ?? ended,
      isRunning: false,
    };
    const release = this.#options.scope.own(`schedule ${name}`, () => stopped.abort());
    stopped.signal.addEventListener("abort", () => void release(), { once: true });
    this.#entries.set(name, entry);
    if (this.#sinceMs !== null) this.#start(entry);
    return async () => {
      stopped.abort();
      if (this.#entries.get(name) !== entry) return;
      this.#entries.delete(name);
      await turns.forget();
    };
  }

  #start(entry: Entry): void {
    entry.ended = this.#run(entry);
    this.#running.add(entry.ended);
    void entry.ended.then(() => this.#running.delete(entry.ended));
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, onDue } = this.#options;
    const { name, handler, turns, stopped, before } = entry;
    const signal = AbortSignal.any([stopped.signal, this.#paused.signal]);
    await before;
    for (
      let dueAtMs = await turns.next(clock.now());
      dueAtMs !== null;
      dueAtMs = await turns.next(clock.now())
    ) {
      const isDue = await sleepUntil(clock, dueAtMs, signal).then(
        () => !signal.aborted,
        // A sleep fails only when it is cancelled.
        () => false,
      );
      if (!isDue) return;
      const startedAtMs = clock.now();
      entry.isRunning = true;
      const isOver = await onDue(name, dueAtMs, handler);
      entry.isRunning = false;
      // What took its name is kept in its place.
      const isReplaced = this.#entries.get(name) !== entry;
      if (isOver && !isReplaced) await turns.done(dueAtMs, startedAtMs);
      if (!isOver || signal.aborted) return;
    }
    stopped.abort();
    if (this.#entries.get(name) === entry) this.#entries.delete(name);
  }
}
