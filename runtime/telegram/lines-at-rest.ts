import type { Clock, TelegraphistError } from "../contract/index.ts";
import type { AccountParts } from "./account-parts.ts";
import type { HeldSession } from "./held-session.ts";
import { LoginLine } from "./login-line.ts";
import type { AccountSession } from "./session.ts";

export interface LinesAtRestOptions {
  readonly held: HeldSession;
  readonly parts: Pick<AccountParts, "engine" | "gate" | "rpc">;
  readonly clock: Pick<Clock, "sleep">;
  /** Told the line that calls go over from now on; `null` when there is none any more. */
  readonly onLine: (line: LoginLine | null) => void;
  /** Told Telegram's word that the session is over, once that is stored. */
  readonly onEnd: (error: TelegraphistError) => Promise<void>;
}

/** Time to keep what was learned over a line; without a journal, events wait for plugins that may never subscribe. */
const idleTimeoutMs = 1_000;

/**
 * Lines of an account that is not started, each for one thing. The session is held meanwhile; afterwards no connection is
 * left, and a session that Telegram has ended is stored as such.
 */
export class LinesAtRest {
  readonly #options: LinesAtRestOptions;
  #isInUse = false;

  constructor(options: LinesAtRestOptions) {
    this.#options = options;
  }

  /** Whether the session is used for one thing, and given back then. */
  get isInUse(): boolean {
    return this.#isInUse;
  }

  /** Runs the function with a line for the stored session. @throws {TelegraphistError} `ACCOUNT_NO_SESSION` */
  withSession<T>(signal: AbortSignal | undefined, run: (line: LoginLine) => Promise<T>): Promise<T> {
    const { held, parts } = this.#options;
    return this.with(signal, async (makeLine) => {
      const line = makeLine(await held.load());
      await parts.gate.load();
      return run(line);
    });
  }

  /** Runs the function with what makes a line for a session. */
  async with<T>(
    signal: AbortSignal | undefined,
    run: (makeLine: (session: AccountSession) => LoginLine) => Promise<T>,
  ): Promise<T> {
    this.#isInUse = true;
    try {
      await this.#options.held.take(signal);
      return await this.#run(run);
    } finally {
      this.#isInUse = false;
    }
  }

  async #run<T>(run: (makeLine: (session: AccountSession) => LoginLine) => Promise<T>): Promise<T> {
    const { held, onEnd, onLine, parts } = this.#options;
    const { hold } = held;
    const made: LoginLine[] = [];
    const makeLine = (session: AccountSession): LoginLine => {
      held.adopt(session);
      const line = new LoginLine({ session, rpc: parts.rpc, open: (...rest) => held.open(session, ...rest) });
      made.push(line);
      onLine(line);
      return line;
    };
    try {
      return await run(makeLine);
    } finally {
      onLine(null);
      for (const line of made) await line.close();
      // The right to write of the session goes with it.
      await this.#idle();
      const end = made.at(-1)?.end ?? null;
      if (end !== null) await held.end();
      await hold.release();
      if (end !== null) await onEnd(end);
    }
  }
  async #idle(): Promise<void> {
    const { clock, parts } = this.#options;
    const late = new AbortController();
    const sleeping = clock.sleep(idleTimeoutMs, { signal: late.signal }).catch(() => undefined);
    await Promise.race([parts.engine.idle(), sleeping]);
    late.abort();
  }
}
