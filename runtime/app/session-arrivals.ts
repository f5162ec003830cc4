import type { Logger } from "../../telemetry/index.ts";
import { type AccountName, type Clock, hasCode } from "../contract/index.ts";
import type { StoredSession } from "../storage/index.ts";

export interface SessionArrivalsOptions {
  /** The accounts of the configuration that nobody is about to start, and whether the reason may be gone by itself. */
  readonly atRest: () => readonly { readonly account: AccountName; readonly mayHeal: boolean }[];
  /** Every session that the database has. */
  readonly list: () => Promise<readonly StoredSession[]>;
  readonly takeUp: (account: AccountName) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookEveryMs = 1_000;

/**
 * Starts accounts whose sessions other processes make, by `telegraphist login` or `telegraphist sessions import`, and those
 * that could not be started as the database was busy.
 */
export class SessionArrivals {
  readonly #options: SessionArrivalsOptions;
  readonly #known: Set<string>;

  private constructor(options: SessionArrivalsOptions, known: Set<string>) {
    this.#options = options;
    this.#known = known;
  }

  /** The sessions that there are now are somebody else's to start. */
  static async from(options: SessionArrivalsOptions): Promise<SessionArrivals> {
    return new SessionArrivals(options, new Set((await options.list()).map(identityOf)));
  }

  /** Looks until the signal is aborted; never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await clock.sleep(lookEveryMs, { signal });
        await this.look();
      } catch (error) {
        if (!signal.aborted) logger.error("Cannot look for sessions that were made elsewhere", { error });
      }
    }
  }

  /** Begins to start the accounts at rest that have a session which they had not before, or may have it again. */
  async look(): Promise<void> {
    const { atRest, list } = this.#options;
    const resting = new Map(atRest().map(({ account, mayHeal }) => [account, mayHeal]));
    if (resting.size === 0) return;
    for (const session of await list()) {
      const { account, state } = session;
      const mayHeal = resting.get(account);
      const isKnown = this.#known.has(identityOf(session));
      if (state !== "active" || mayHeal === undefined || (isKnown && !mayHeal)) continue;
      this.#known.add(identityOf(session));
      void this.#takeUp(account);
    }
  }

  async #takeUp(account: AccountName): Promise<void> {
    const { logger, takeUp } = this.#options;
    logger.info("The account has a session that can be used now, and starts", { account });
    try {
      await takeUp(account);
    } catch (error) {
      // A login of this program's own is about to start it.
      if (hasCode(error, "ACCOUNT_RUNNING", "CANCELLED")) return;
      logger.error("An account whose session can be used now was not started", { account, error });
    }
  }
}

/** Each login makes another. */
function identityOf({ account, createdAtMs }: StoredSession): string {
  return `${account}/${createdAtMs}`;
}
