import { type Clock, TelegraphistError } from "../contract/index.ts";
import { withDeadline } from "../scope/index.ts";
import type { MtprotoConnection } from "./connection.ts";
import { isLoggedOut } from "./errors.ts";

/** A connection that is to take the place of the one that an account has. */
export interface Successor {
  /** Open, and known to be good. */
  readonly connection: MtprotoConnection;
  /** Resolves when it ends. */
  readonly broken: PromiseWithResolvers<TelegraphistError>;
  /** Makes it the account's own. The former connection is closed then, and nothing is called meanwhile. */
  readonly commit: () => Promise<void>;
}

/** Time for the answers that a connection owes when another takes its place. */
const answerTimeoutMs = 5_000;

/** Calls that wait for their answer, and a successor that waits for them. */
export class Handover {
  readonly #calls = new Set<Promise<unknown>>();
  #offer: { readonly successor: Successor; readonly done: PromiseWithResolvers<void> } | null = null;

  get isUnderWay(): boolean {
    return this.#offer !== null;
  }

  /**
   * Has a handover wait for the call's answer.
   *
   * @throws {TelegraphistError} what the call throws; `HANDOVER_FAILED`, for it to be made again, where Telegram has ended
   * the session that another is taking the place of, as that says nothing of the account's
   */
  async count<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      const isEnded = error instanceof TelegraphistError && isLoggedOut(error);
      throw isEnded && this.isUnderWay ? replaced() : error;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Resolves when the successor has taken over; rejects with the reason when it cannot. */
  offer(successor: Successor): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#offer = { successor, done };
    return done.promise;
  }

  /**
   * Has the successor, where there is one, take over from the connection, whose calls are answered first.
   *
   * @throws {TelegraphistError} `HANDOVER_FAILED`; there is no connection then
   */
  async take(former: MtprotoConnection, clock: Clock, signal: AbortSignal): Promise<Successor | null> {
    if (this.#offer === null) return null;
    const { done, successor } = this.#offer;
    await this.#answered(clock, signal);
    await former.close();
    try {
      await successor.commit();
    } catch (error) {
      this.refuse(error);
      throw handoverFailed("it could not be kept");
    }
    this.#offer = null;
    done.resolve();
    return successor;
  }

  /** Nobody will take over any more. */
  refuse(error: unknown): void {
    this.#offer?.done.reject(error);
    this.#offer = null;
  }

  async #answered(clock: Clock, signal: AbortSignal): Promise<void> {
    const onTimeout = () => handoverFailed("the calls of the connection until now take too long");
    const options = { timeoutMs: answerTimeoutMs, clock, signal, onTimeout };
    try {
      await withDeadline(() => Promise.allSettled(this.#calls), options);
    } catch (error) {
      // Those that are left fail with the connection, and what may be made again is.
      if (signal.aborted) throw error;
    }
  }
}

export function handoverFailed(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "HANDOVER_FAILED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go over to another connection: ${reason}`,
  });
}

/** Why the former connection is left. */
export function replaced(): TelegraphistError {
  return handoverFailed("another takes its place");
}
