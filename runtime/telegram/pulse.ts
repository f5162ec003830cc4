import type { Clock, TelegraphistError } from "../contract/index.ts";
import type { MtprotoConnection } from "./connection.ts";
import { type PingerOptions, pingInTime, untilLost } from "./pinger.ts";

export interface PulseOptions {
  readonly clock: Clock;
  /** @default 30_000 */
  readonly pingEveryMs?: number;
  /** @default 10_000 */
  readonly pingTimeoutMs?: number;
}

/** What is known of a connection's other side by pings. */
export class Pulse {
  readonly #options: PulseOptions;
  #latencyMs: number | null = null;
  #lastHeardAtMs: number | null = null;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** Round trip of the last ping; `null` before the first. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** When the last ping was answered. */
  get lastHeardAtMs(): number | null {
    return this.#lastHeardAtMs;
  }

  /** Time for the answer to a ping. */
  get timeoutMs(): number {
    return this.#options.pingTimeoutMs ?? 10_000;
  }

  /** Asks for a sign of life now. @throws {TelegraphistError} `PING_TIMEOUT`, `CONNECTION_LOST` */
  async ask(connection: MtprotoConnection, signal: AbortSignal): Promise<void> {
    this.#heard(await pingInTime(connection, this.#pings(signal)));
  }

  /** Pings until the connection has ended; resolves with the reason. @throws the signal's reason */
  untilLost(
    connection: MtprotoConnection,
    broken: Promise<TelegraphistError>,
    signal: AbortSignal,
  ): Promise<TelegraphistError> {
    return untilLost(connection, broken, this.#pings(signal));
  }

  #pings(signal: AbortSignal): PingerOptions {
    const { clock, pingEveryMs: everyMs = 30_000 } = this.#options;
    const onLatency = (latencyMs: number) => this.#heard(latencyMs);
    return { clock, everyMs, timeoutMs: this.timeoutMs, signal, onLatency };
  }

  #heard(latencyMs: number): void {
    this.#latencyMs = latencyMs;
    this.#lastHeardAtMs = this.#options.clock.now();
  }
}
