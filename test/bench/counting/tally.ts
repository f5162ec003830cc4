import { preciseNowMs, readPayload } from "./payload.ts";

/** What one side saw of one round. */
export interface Receipts {
  /** Different messages. */
  readonly received: number;
  readonly repeated: number;
  /** Messages that came after a later one of their chat. */
  readonly misordered: number;
  readonly lastAtMs: number;
  /** User and system time of the process since the round began. */
  readonly cpuMs: number;
  /** From sending to the handler; empty when nobody asked. */
  readonly latenciesMs: readonly number[];
}

export interface Settling {
  readonly withLatencies: boolean;
  /** How long no message comes before the rest is given up. @default 3_000 */
  readonly quietMs?: number;
}

/** Counts what a handler is given; both sides of a bench use the same one, so that it costs them the same. */
export class Tally {
  #expected = 0;
  #seen = new Set<number>();
  #lastOfChat = new Map<string, number>();
  #latenciesMs: number[] = [];
  #repeated = 0;
  #misordered = 0;
  #lastAtMs = 0;
  #cpu = process.cpuUsage();
  #complete = Promise.withResolvers<void>();

  /** Begins a round. */
  expect(count: number): void {
    this.#expected = count;
    this.#seen = new Set();
    this.#lastOfChat = new Map();
    this.#latenciesMs = [];
    this.#repeated = 0;
    this.#misordered = 0;
    this.#lastAtMs = preciseNowMs();
    this.#cpu = process.cpuUsage();
    this.#complete = Promise.withResolvers();
  }

  take(chatId: string, text: string): void {
    const payload = readPayload(text);
    if (payload === null) return;
    const { index, sentAtMs } = payload;
    this.#lastAtMs = preciseNowMs();
    if (this.#seen.has(index)) {
      this.#repeated += 1;
      return;
    }
    this.#seen.add(index);
    this.#latenciesMs.push(this.#lastAtMs - sentAtMs);
    if (index < (this.#lastOfChat.get(chatId) ?? -1)) this.#misordered += 1;
    this.#lastOfChat.set(chatId, index);
    if (this.#seen.size === this.#expected) this.#complete.resolve();
  }

  /** Resolves when all has come, or nothing more does: the rest counts as lost then. */
  async settled({ withLatencies, quietMs = 3_000 }: Settling): Promise<Receipts> {
    let isComplete = false;
    const complete = this.#complete.promise.then(() => {
      isComplete = true;
    });
    do await Promise.race([complete, Bun.sleep(quietMs)]);
    while (!isComplete && preciseNowMs() - this.#lastAtMs < quietMs);
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      received: this.#seen.size,
      repeated: this.#repeated,
      misordered: this.#misordered,
      lastAtMs: this.#lastAtMs,
      cpuMs: (user + system) / 1_000,
      latenciesMs: withLatencies ? this.#latenciesMs : [],
    };
  }
}

/** The process's own: the plugin is loaded by path and finds it here. */
export const tally = new Tally();
