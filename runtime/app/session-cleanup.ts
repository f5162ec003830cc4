import type { Logger } from "../../telemetry/index.ts";
import type { AccountName, Clock } from "../contract/index.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionCleanupOptions {
  readonly sessions: Pick<Sessions, "unused" | "notice" | "end">;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/** Ends the sessions that nobody has used for two weeks, a day after it has said so. */
export class SessionCleanup {
  readonly #options: SessionCleanupOptions;

  constructor(options: SessionCleanupOptions) {
    this.#options = options;
  }

  /** One that cannot be ended waits for the next time, and holds up no other. */
  async prune(): Promise<void> {
    const { clock, logger, sessions } = this.#options;
    for (const { account, endsFromMs } of await sessions.unused()) {
      if (endsFromMs === null) {
        await sessions.notice(account);
        logger.warn("A session that nobody has used for two weeks is ended in a day, unless it is used", {
          account,
        });
      } else if (clock.now() >= endsFromMs) {
        await this.#end(account);
      }
    }
  }

  async #end(account: AccountName): Promise<void> {
    const { logger, sessions } = this.#options;
    try {
      // The one before it may have taken its time, in which this one was taken up.
      if (!(await sessions.unused()).some((unused) => unused.account === account)) return;
      await sessions.end(account);
      logger.info("A session that nobody used was ended", { account });
    } catch (error) {
      logger.error("A session that nobody uses could not be ended", { account, error });
    }
  }
}
