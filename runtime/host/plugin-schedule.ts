import { Cron } from "croner";
import { type Clock, type Schedule, type ScheduleHandler, TelegraphistError } from "../contract/index.ts";
import { type Scope, sleepUntil } from "../scope/index.ts";

const maxDelayMs = 366 * 86_400_000;

export interface PluginScheduleOptions {
  readonly scope: Scope;
  readonly clock: Clock;
  /** Runs the handler like an event's; it never rejects. */
  readonly onDue: (name: string, dueAtMs: number, handler: ScheduleHandler) => Promise<void>;
}

/** When a cron expression is due next after a time; `null` when it never is again. */
export type NextDue = (afterMs: number) => number | null;

/** Cron and delays of one plugin. One name's handler runs once at a time: what falls due meanwhile is left out. */
export function createPluginSchedule({ scope, clock, onDue }: PluginScheduleOptions): Schedule {
  const stops = new Map<string, () => Promise<void>>();

  function start(name: string, nextDue: NextDue, handler: ScheduleHandler): () => Promise<void> {
    void stops.get(name)?.();
    const stopped = new AbortController();
    const stop = scope.own(`schedule ${name}`, () => {
      stopped.abort();
      if (stops.get(name) === stop) stops.delete(name);
    });
    stops.set(name, stop);
    void run(name, nextDue, handler, stopped.signal).finally(stop);
    return stop;
  }

  async function run(
    name: string,
    nextDue: NextDue,
    handler: ScheduleHandler,
    signal: AbortSignal,
  ): Promise<void> {
    for (let dueAtMs = nextDue(clock.now()); dueAtMs !== null; dueAtMs = nextDue(clock.now())) {
      const isDue = await sleepUntil(clock, dueAtMs, signal).then(
        () => true,
        // A sleep fails only when it is cancelled.
        () => false,
      );
      if (!isDue) return;
      await onDue(name, dueAtMs, handler);
      if (signal.aborted) return;
    }
  }

  return {
    cron: (name, expression, handler, options = {}) =>
      start(name, cronDue(name, expression, options.timeZone), handler),
    after: (name, delayMs, handler) => {
      if (!(delayMs >= 0 && delayMs <= maxDelayMs)) {
        throw invalid(name, `the delay must be 0 to ${maxDelayMs} ms, received ${delayMs}`);
      }
      return start(name, onceAt(clock.now() + delayMs), handler);
    },
  };
}

/** @throws {TelegraphistError} `SCHEDULE_INVALID` when the expression or the zone cannot be read */
export function cronDue(name: string, expression: string, timeZone?: string): NextDue {
  try {
    const cron = new Cron(expression, {
      paused: true,
      ...(timeZone === undefined ? {} : { timezone: timeZone }),
    });
    const nextDue: NextDue = (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() ?? null;
    // A wrong zone is only noticed when a time is asked for.
    nextDue(0);
    return nextDue;
  } catch (error) {
    throw invalid(name, error instanceof Error ? error.message : String(error), error);
  }
}

function onceAt(dueAtMs: number): NextDue {
  let next: number | null = dueAtMs;
  return () => {
    const due = next;
    next = null;
    return due;
  };
}

function invalid(name: string, reason: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "SCHEDULE_INVALID",
    category: "INVALID",
    message: `Cannot schedule ${JSON.stringify(name)}: ${reason}`,
    cause,
  });
}
