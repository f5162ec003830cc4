import type { ScheduleDue } from "./events.ts";
import type { Disposer, HandlerContext } from "./handler.ts";

export type ScheduleHandler = (due: ScheduleDue, context: HandlerContext) => void | Promise<void>;

/** Work that starts by the clock. A name is unique in its plugin; setting it again replaces what it was. */
export interface Schedule {
  /**
   * @param expression five or six cron fields, such as `0 9 * * mon-fri`
   * @param options.timeZone IANA name. @default the host's
   * @throws {TelegraphistError} `SCHEDULE_INVALID` when the expression or the zone cannot be read
   */
  cron(
    name: string,
    expression: string,
    handler: ScheduleHandler,
    options?: { readonly timeZone?: string },
  ): Disposer;
  /** @param delayMs 0 to 366 days */
  after(name: string, delayMs: number, handler: ScheduleHandler): Disposer;
}
