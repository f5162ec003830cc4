import { type Clock, type Disposer, TelegraphistError } from "../contract/index.ts";
import { cancelled, systemClock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";

interface Effect {
  readonly label: string;
  readonly dispose: () => void | Promise<void>;
}

export interface ScopeOptions {
  /** Time for all disposals together. @default 10_000 */
  readonly disposeTimeoutMs?: number;
  /** @default the machine's time */
  readonly clock?: Clock;
}

/**
 * Owns what was opened under it. Disposal aborts the signal, then undoes every effect, last made first; one that fails
 * or hangs does not stop the others.
 */
export class Scope implements AsyncDisposable {
  readonly label: string;
  readonly #disposeTimeoutMs: number;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #effects = new Set<Effect>();
  #disposal: Promise<void> | null = null;

  constructor(label: string, options: ScopeOptions = {}) {
    this.label = label;
    this.#disposeTimeoutMs = options.disposeTimeoutMs ?? 10_000;
    this.#clock = options.clock ?? systemClock;
  }

  /** Aborted as the first act of disposal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isDisposed(): boolean {
    return this.#disposal !== null;
  }

  /** Labels of what it owns, oldest first. */
  get effects(): readonly string[] {
    return Array.from(this.#effects, (effect) => effect.label);
  }

  /**
   * Takes over an effect. The disposer that it returns undoes this one effect before its time.
   *
   * @throws {TelegraphistError} `SCOPE_DISPOSED` when the scope is gone: the caller still owns the effect then
   */
  own(label: string, dispose: () => void | Promise<void>): Disposer {
    if (this.#disposal !== null) {
      throw new TelegraphistError({
        code: "SCOPE_DISPOSED",
        category: "CANCELLED",
        message: `Cannot add "${label}" to scope "${this.label}": disposed`,
      });
    }
    const effect: Effect = { label, dispose };
    this.#effects.add(effect);
    return async () => {
      if (this.#effects.delete(effect)) await dispose();
    };
  }

  /**
   * Undoes everything; a second call waits for the first. Each step may take half of the time that is left, the last
   * one all of it; when none is left a step is still begun.
   *
   * @throws {TelegraphistError} `SCOPE_DISPOSE_FAILED` when a step failed or hung: `data.effects` names them, `cause`
   * is an `AggregateError`
   */
  dispose(): Promise<void> {
    this.#disposal ??= this.#undo();
    return this.#disposal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #undo(): Promise<void> {
    this.#controller.abort(cancelled(`scope "${this.label}"`));
    const endMs = this.#clock.now() + this.#disposeTimeoutMs;
    const failures: { readonly label: string; readonly error: unknown }[] = [];
    const effects = [...this.#effects].reverse();
    for (const [index, effect] of effects.entries()) {
      if (!this.#effects.delete(effect)) continue;
      const leftMs = Math.max(0, endMs - this.#clock.now());
      const timeoutMs = index === effects.length - 1 ? leftMs : leftMs / 2;
      try {
        await withDeadline(effect.dispose, {
          timeoutMs,
          clock: this.#clock,
          onTimeout: () => this.#hung(effect.label, timeoutMs),
        });
      } catch (error) {
        failures.push({ label: effect.label, error });
      }
    }
    if (failures.length > 0) throw this.#failed(failures);
  }

  #hung(label: string, timeoutMs: number): TelegraphistError {
    return new TelegraphistError({
      code: "SCOPE_DISPOSE_TIMEOUT",
      category: "CANCELLED",
      message: `Cannot dispose "${label}" of scope "${this.label}": no end after ${Math.round(timeoutMs)} ms`,
    });
  }

  #failed(failures: readonly { readonly label: string; readonly error: unknown }[]): TelegraphistError {
    const effects = failures.map((failure) => failure.label);
    return new TelegraphistError({
      code: "SCOPE_DISPOSE_FAILED",
      category: "INTERNAL",
      message: `Cannot dispose scope "${this.label}": ${effects.length} of its effects failed, ${effects.join(", ")}`,
      data: { effects },
      cause: new AggregateError(failures.map((failure) => failure.error)),
    });
  }
}
