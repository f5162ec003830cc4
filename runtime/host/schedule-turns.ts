import { Cron } from "croner";
import { TelegraphistError } from "../contract/index.ts";
import type { PluginScheduleBook } from "./schedule-book.ts";

/** When one schedule is due. */
export interface ScheduleTurns {
  /** When the next turn is due, which may be past; `null` when there is none any more. @param nowMs the present */
  next(nowMs: number): Promise<number | null>;
  /** Takes note that a turn is over. @param startedAtMs when its handler was called */
  done(dueAtMs: number, startedAtMs: number): Promise<void>;
  /** Forgets what is kept, as the plugin wants no more turns. */
  forget(): Promise<void>;
}

/** When a cron expression is due next after a time; `null` when it never is again. */
export type NextDue = (afterMs: number) => number | null;

const nothing = () => Promise.resolve();

/** Turns after `sinceMs`; those that fall due while one runs are left out. */
export function everyTurn(nextDue: NextDue, sinceMs: () => number): ScheduleTurns {
  let isFirst = true;
  return {
    next: async (nowMs) => {
      const afterMs = isFirst ? sinceMs() : nowMs;
      isFirst = false;
      return nextDue(afterMs);
    },
    done: nothing,
    forget: nothing,
  };
}

/** As `everyTurn`, and the first of those that fell due while nobody was there: the book has through when all is done. */
export function everyTurnOrMissed(nextDue: NextDue, key: string, book: PluginScheduleBook): ScheduleTurns {
  let throughMs: number | null = null;
  return {
    next: async (nowMs) => {
      throughMs ??= await book.getOrSet(key, nowMs);
      return nextDue(throughMs);
    },
    done: async (dueAtMs, startedAtMs) => {
      throughMs = Math.max(dueAtMs, startedAtMs);
      await book.set(key, throughMs);
    },
    forget: () => book.delete(key),
  };
}

/** One turn. */
export function oneTurn(dueAtMs: number): ScheduleTurns {
  let next: number | null = dueAtMs;
  return {
    next: async () => {
      const due = next;
      next = null;
      return due;
    },
    done: nothing,
    forget: nothing,
  };
}

/**
 * One turn, at the time that the book has for it; it stays there until the turn is over.
 *
 * @param isAnew whether what the book has is over
 */
export function oneKeptTurn(
  dueAtMs: number,
  key: string,
  book: PluginScheduleBook,
  isAnew: boolean,
): ScheduleTurns {
  let isOver = false;
  return {
    next: async () => {
      if (isOver) return null;
      if (!isAnew) return book.getOrSet(key, dueAtMs);
      await book.set(key, dueAtMs);
      return dueAtMs;
    },
    done: async () => {
      isOver = true;
      await book.delete(key);
    },
    forget: () => book.delete(key),
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
    throw invalidSchedule(name, error instanceof Error ? error.message : String(error), error);
  }
}

export function invalidSchedule(name: string, reason: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "SCHEDULE_INVALID",
    category: "INVALID",
    message: `Cannot schedule ${JSON.stringify(name)}: ${reason}`,
    cause,
  });
}
