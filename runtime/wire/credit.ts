import { cancelled } from "../scope/index.ts";

/** Lets so many through at once; the others wait in their order. */
export class Credit {
  readonly #waiting = new Set<() => void>();
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  /** Takes one if there is one left. */
  tryTake(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  /** @throws {TelegraphistError} `CANCELLED` when the signal is aborted first */
  async take(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw cancelled("call", signal.reason);
    if (this.tryTake()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      this.#waiting.delete(resolve);
      reject(cancelled("call", signal?.reason));
    };
    this.#waiting.add(resolve);
    signal?.addEventListener("abort", onAbort, { once: true });
    await promise;
    signal?.removeEventListener("abort", onAbort);
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#left++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
