import { type Rotation, rotateSession } from "./rotate-session.ts";
import { endSpareSessions } from "./spare-sessions.ts";

type Base = Pick<Rotation, "options" | "held" | "rpc" | "logger">;

/** An account's rotations and what they leave, one after another: no session is ended while it takes over. */
export class SessionRenewal {
  readonly #base: Base;
  #turn: Promise<unknown> = Promise.resolve();
  #rotating: Promise<void> | null = null;

  constructor(base: Base) {
    this.#base = base;
  }

  /**
   * Begins a rotation, or waits for the one that goes on.
   *
   * @param run makes ready what a rotation needs, and has it made
   */
  rotate(
    run: (make: (rest: Omit<Rotation, keyof Base>, signal: AbortSignal) => Promise<void>) => Promise<void>,
  ) {
    this.#rotating ??= this.#inTurn(() =>
      run((rest, signal) => rotateSession({ ...this.#base, ...rest }, signal)),
    ).finally(() => {
      this.#rotating = null;
    });
    return this.#rotating;
  }

  /** Ends what rotations have left. @throws {TelegraphistError} of category `NETWORK` when Telegram cannot be asked */
  endSpares(signal: AbortSignal): Promise<number> {
    return this.#inTurn(() => endSpareSessions(this.#base, signal));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    // Whoever asked is told of a failure, and the next is not held up by it.
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
