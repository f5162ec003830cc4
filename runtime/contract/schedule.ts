import type { ScheduleDue } from "./events.ts";
import type { Disposer, HandlerContext } from "./handler.ts";

export type ScheduleHandler = (due: ScheduleDue, context: HandlerContext) => void | Promise<void>;

export interface CronOptions {
  /** IANA name. @default the host's */
  readonly timeZone?: string;
  /**
   * What becomes of turns that fall due while the program does not run. `once`: the handler is called once for all of
   * them, at the start, with the time of the first; so it is for a turn that a stop or a kill has cut short.
   *
   * @default "skip"
   */
  readonly missed?: "skip" | "once";
}

export interface AfterOptions {
  /**
   * Whether the time outlives the program: set again under its name after a restart or a reload, it is due when it was
   * due before, at once when that is past. It is kept until the handler has ended; a turn that is cut short is repeated
   * with the same `dueAtMs`, and what its handler sent is not sent again.
   *
   * @default false
   */
  readonly keep?: boolean;
}

/**
 * Work that starts by the clock, when `setup` has ended. A name, of 1 to 100 characters, is unique in its plugin;
 * setting it again replaces what it was. The disposer that each returns takes it back for good.
 */
export interface Schedule {
  /**
   * @param expression five or six cron fields, such as `0 9 * * mon-fri`
   * @throws {TelegraphistError} `SCHEDULE_INVALID` when the expression, the zone, or the name cannot be read
   */
  cron(name: string, expression: string, handler: ScheduleHandler, options?: CronOptions): Disposer;
  /**
   * @param delayMs 0 to 366 days
   * @throws {TelegraphistError} `SCHEDULE_INVALID`
   */
  after(name: string, delayMs: number, handler: ScheduleHandler, options?: AfterOptions): Disposer;
}
