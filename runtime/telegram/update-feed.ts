import { attributeNames, instruments, type Logger, span, spanNames } from "../../telemetry/index.ts";
import type { AccountName, TelegraphistEvent } from "../contract/index.ts";
import type { Api } from "./gramjs.ts";

export interface UpdateFeedOptions {
  readonly account: AccountName;
  readonly translate: (updates: Api.TypeUpdates) => Promise<readonly TelegraphistEvent[]>;
  /** MUST resolve when the event is taken; the next one waits for it. */
  readonly onEvent: (event: TelegraphistEvent) => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
  /** Containers that may wait. @default 100_000 */
  readonly maxWaiting?: number;
}

/**
 * Brings what Telegram pushes, one container after another, through the translation to whoever takes events. The socket
 * cannot be made to wait, as the answers that handlers wait for come over it too: so the line has an end, and what
 * finds no place in it is counted as lost and logged.
 */
export class UpdateFeed {
  readonly #options: UpdateFeedOptions;
  readonly #maxWaiting: number;
  #waiting: (() => Promise<void>)[] = [];
  #running: Promise<void> | null = null;
  #updates = 0;
  #events = 0;
  #lost = 0;
  #lastAtMs: number | null = null;

  constructor(options: UpdateFeedOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? 100_000;
  }

  get counts(): { readonly updates: number; readonly events: number; readonly lost: number } {
    return { updates: this.#updates, events: this.#events, lost: this.#lost };
  }

  get lastUpdateAtMs(): number | null {
    return this.#lastAtMs;
  }

  /** Takes a container that Telegram pushed, or gave as the answer of a call. */
  push(updates: Api.TypeUpdates): void {
    this.#updates += 1;
    this.#lastAtMs = this.#options.now();
    if (this.#waiting.length >= this.#maxWaiting) this.#lose("FEED_FULL");
    else this.#enqueue(() => this.#passUpdates(updates));
  }

  /** Takes an event of the account's own, which goes in the same line. */
  pushEvent(event: TelegraphistEvent): void {
    this.#enqueue(() => this.#passEvent(event));
  }

  /** Counts a message that could not even be read. */
  countUnreadable(constructorId: string): void {
    this.#lose("TL_UNKNOWN_CONSTRUCTOR", { constructorId });
  }

  /** Resolves when everything that was pushed before is through. */
  async drain(): Promise<void> {
    await this.#running;
  }

  #enqueue(step: () => Promise<void>): void {
    this.#waiting.push(step);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const step of batch) await step();
    }
    this.#running = null;
  }

  /** One container; what goes wrong with it stays with it. */
  async #passUpdates(updates: Api.TypeUpdates): Promise<void> {
    const { account, translate } = this.#options;
    const attributes = {
      [attributeNames.account]: account,
      [attributeNames.messagingSystem]: "telegram",
      [attributeNames.messagingOperation]: "receive",
      [attributeNames.constructorName]: updates.className,
    };
    try {
      await span(spanNames.update, { root: true, kind: "consumer", attributes }, async () => {
        for (const event of await translate(updates)) await this.#passEvent(event);
      });
    } catch (error) {
      this.#lose("UPDATE_UNTRANSLATABLE", { error, constructorName: updates.className });
    }
  }

  async #passEvent(event: TelegraphistEvent): Promise<void> {
    try {
      await this.#options.onEvent(event);
      this.#events += 1;
      instruments.updates.add(1, { account: this.#options.account, event: event.type });
    } catch (error) {
      this.#lose("EVENT_REFUSED", { error, event: event.type });
    }
  }

  #lose(code: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#lost += 1;
    this.#options.logger.error("An update was lost", { code, ...fields });
  }
}
