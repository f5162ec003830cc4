import type {
  Disposer,
  EventMap,
  EventName,
  FilterOf,
  Handler,
  HandlerContext,
  Schedule,
  ScheduleHandler,
  Subscribe,
  TelegraphistEvent,
} from "../contract/index.ts";
import type { Connection } from "../wire/index.ts";

type AnyHandler = (event: never, context: HandlerContext) => void | Promise<void>;

interface Registered {
  readonly phase: "handler" | "schedule";
  readonly handle: AnyHandler;
}

/** What a plugin has subscribed to and scheduled. The host keeps both, and gives each its events by the handler's number. */
export class GuestHandlers {
  readonly #connection: Pick<Connection, "call">;
  readonly #handlers = new Map<number, Registered>();
  /** What the host has not agreed to yet. */
  #unconfirmed: Promise<unknown>[] = [];
  #last = 0;

  constructor(connection: Pick<Connection, "call">) {
    this.#connection = connection;
  }

  readonly on: Subscribe = <Name extends EventName>(
    name: Name,
    filterOrHandler: FilterOf<Name> | Handler<EventMap[Name]>,
    handler?: AnyHandler,
  ): Disposer => {
    const isPlain = typeof filterOrHandler === "function";
    const filter = isPlain ? null : plainFilter(filterOrHandler);
    const handle = isPlain ? filterOrHandler : handler;
    if (typeof handle !== "function") throw new TypeError("A handler must be a function");
    return this.#register({ phase: "handler", handle }, "on", [name, filter]);
  };

  get schedule(): Schedule {
    const add = (handle: ScheduleHandler, method: string, params: readonly unknown[]): Disposer =>
      this.#register({ phase: "schedule", handle }, method, params);
    return {
      cron: (name, expression, handler, { timeZone } = {}) =>
        add(handler, "schedule.cron", [name, expression, timeZone ?? null]),
      after: (name, delayMs, handler) => add(handler, "schedule.after", [name, delayMs]),
    };
  }

  /** Resolves when the host has agreed to all that was asked for; rejects with the first refusal since the last call. */
  async confirmed(): Promise<void> {
    if (this.#unconfirmed.length === 0) return;
    const asked = this.#unconfirmed;
    this.#unconfirmed = [];
    await Promise.all(asked);
  }

  phaseOf(number: number): Registered["phase"] {
    return this.#handlers.get(number)?.phase ?? "handler";
  }

  /** Runs a handler; one that was taken back meanwhile wants no more events. */
  async handle(number: number, event: TelegraphistEvent, context: HandlerContext): Promise<void> {
    // The host gives a handler only what it subscribed to.
    await this.#handlers.get(number)?.handle(event as never, context);
    await this.confirmed();
  }

  #register(registered: Registered, method: string, params: readonly unknown[]): Disposer {
    this.#last++;
    const number = this.#last;
    this.#handlers.set(number, registered);
    const asked = this.#connection.call(method, [number, ...params]);
    // Whoever waits for `confirmed` has the refusal.
    asked.catch(() => this.#handlers.delete(number));
    this.#unconfirmed.push(asked);
    return async () => {
      if (!this.#handlers.has(number)) return;
      await this.#connection.call("off", [number]);
      this.#handlers.delete(number);
    };
  }
}

/** A regular expression as plain data. */
function plainFilter(filter: object): object {
  const text = "text" in filter ? filter.text : undefined;
  return text instanceof RegExp ? { ...filter, text: { source: text.source, flags: text.flags } } : filter;
}
