import type { Clock, TelegraphistError } from "../contract/index.ts";
import type { AccountState } from "./account-state.ts";
import { connectFailure } from "./connect-failure.ts";
import { refusedState } from "./end-of-supervision.ts";
import type { HeldSession } from "./held-session.ts";

export interface SessionWaitPort {
  readonly held: HeldSession;
  readonly clock: Pick<Clock, "now">;
  readonly onState: (state: AccountState) => void;
}

/** Takes the session of an account that starts; while another program has it, or when that fails, the state says so. */
export class SessionWait {
  readonly #port: SessionWaitPort;
  #heldBy: TelegraphistError | null = null;
  #ending: AbortController | null = null;

  constructor(port: SessionWaitPort) {
    this.#port = port;
  }

  /** Why the session cannot be used now; `null` outside of a wait. */
  get heldBy(): TelegraphistError | null {
    return this.#heldBy;
  }

  /**
   * Runs the function once the account has its session; when that fails the session is given back.
   *
   * @throws {TelegraphistError} why the wait was ended; what the function throws
   */
  async over<T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
    const ending = new AbortController();
    this.#ending = ending;
    const bounded = AbortSignal.any([signal, ending.signal]);
    try {
      await this.#port.held.take(bounded, { onWait: (error) => this.#wait(error) });
      return await this.#beginOrRelease(bounded, begin);
    } catch (error) {
      this.#tellRefusal(bounded.aborted ? null : error);
      throw error;
    } finally {
      this.#heldBy = null;
      this.#ending = null;
    }
  }

  /** Whoever waits hears the reason. */
  end(reason: TelegraphistError): void {
    this.#ending?.abort(reason);
  }

  async #beginOrRelease<T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
    try {
      signal.throwIfAborted();
      return await begin();
    } catch (error) {
      await this.#port.held.hold.release();
      throw error;
    }
  }

  #wait(error: TelegraphistError): void {
    this.#heldBy = error;
    const sinceMs = this.#port.clock.now();
    this.#port.onState({ state: "waiting", sinceMs, untilMs: null, error: error.toJSON() });
  }

  /** @param reason `null` when it was asked to end */
  #tellRefusal(reason: unknown): void {
    const { clock, onState } = this.#port;
    const sinceMs = clock.now();
    const refused = reason === null ? null : refusedState(reason, sinceMs);
    if (refused !== null) {
      onState(refused);
    } else if (this.#heldBy !== null) {
      const error = reason === null ? {} : { error: connectFailure(reason).toJSON() };
      onState({ state: "stopped", sinceMs, ...error });
    }
  }
}
