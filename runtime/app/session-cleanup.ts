import type { Logger } from "../../telemetry/index.ts";
import type { AccountName, Clock } from "../contract/index.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionCleanupOptions {
  readonly sessions: Pick<Sessions, "unused" | "end">;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/** From the notice to the end. */
const noticeMs = 86_400_000;

/** Ends the sessions that nobody has used for two weeks, a day after it has said so. */
export class SessionCleanup {
  readonly #options: SessionCleanupOptions;
  /** Of this run of the program: after a restart the day begins anew. */
  readonly #noticedAtMs = new Map<AccountName, number>();

  constructor(options: SessionCleanupOptions) {
    this.#options = options;
  }

  /** One that cannot be ended waits for the next time, and holds up no other. */
  async prune(): Promise<void> {
    const { clock, logger, sessions } = this.#options;
    const unused = (await sessions.unused()).map(({ account }) => account);
    for (const account of this.#noticedAtMs.keys()) {
      if (!unused.includes(account)) this.#noticedAtMs.delete(account);
    }
    for (const account of unused) {
      const noticedAtMs = this.#noticedAtMs.get(account);
      if (noticedAtMs === undefined) {
        this.#noticedAtMs.set(account, clock.now());
        logger.warn("A session that nobody has used for two weeks is ended in a day, unless it is used", {
          account,
        });
      } else if (clock.now() - noticedAtMs >= noticeMs) {
        await this.#end(account);
      }
    }
  }

  async #end(account: AccountName): Promise<void> {
    const { logger, sessions } = this.#options;
    try {
      await sessions.end(account);
      logger.info("A session that nobody used was ended", { account });
    } catch (error) {
      logger.error("A session that nobody uses could not be ended", { account, error });
    }
  }
}
