import type {
  HandlerContext,
  Log,
  Telegram,
  TelegraphistError,
  TelegraphistEvent,
} from "../contract/index.ts";

export interface DeliveryOptions {
  readonly event: TelegraphistEvent;
  /** Which of the plugin's handlers it is. */
  readonly handler: string;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly log: Log;
  readonly telegramOf: (event: TelegraphistEvent, handler: string, signal: () => AbortSignal) => Telegram;
}

/**
 * One call of one handler, and what the handler is given with it. Port and signal are made when the handler first asks
 * for them: most events are looked at and let go.
 */
export class Delivery implements HandlerContext {
  readonly attempt: number;
  readonly log: Log;
  readonly startedAtMs: number;
  readonly #options: DeliveryOptions;
  readonly #expiry = Promise.withResolvers<never>();
  #controller: AbortController | null = null;
  #telegram: Telegram | null = null;
  #end: TelegraphistError | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.attempt = options.attempt;
    this.log = options.log;
    this.startedAtMs = options.startedAtMs;
  }

  get telegram(): Telegram {
    const { event, handler, telegramOf } = this.#options;
    this.#telegram ??= telegramOf(event, handler, () => this.signal);
    return this.#telegram;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#end !== null) this.#controller.abort(this.#end);
    }
    return this.#controller.signal;
  }

  /** Runs the handler; rejects when it fails, or when `expire` is called first. */
  async settle(handle: (context: HandlerContext) => void | Promise<void>): Promise<void> {
    await Promise.race([handle(this), this.#expiry.promise]);
  }

  /** Tells the handler to end, and waits for it. */
  abort(error: TelegraphistError): void {
    this.#end ??= error;
    this.#controller?.abort(error);
  }

  /** Tells the handler to end, and waits no longer. */
  expire(error: TelegraphistError): void {
    this.abort(error);
    this.#expiry.reject(error);
  }
}
