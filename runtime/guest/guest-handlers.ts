import {
  createTextMatcher,
  type Disposer,
  type EventMap,
  type EventName,
  type FilterOf,
  type Handler,
  type HandlerContext,
  type MessageFilter,
  type Schedule,
  type ScheduleHandler,
  type Subscribe,
  type TelegraphistEvent,
  type TextMatcher,
} from "../contract/index.ts";
import type { GuestCalls } from "./guest-calls.ts";

type AnyHandler = (event: never, context: HandlerContext) => void | Promise<void>;

interface Registered {
  readonly phase: "handler" | "schedule";
  readonly handle: AnyHandler;
  /** Of a filter with an expression: the event's text has to fit it. */
  readonly matchText?: TextMatcher | null;
}

/** What a plugin has subscribed to and scheduled. The host keeps both, and gives each its events by the handler's number. */
export class GuestHandlers {
  readonly #calls: GuestCalls;
  readonly #handlers = new Map<number, Registered>();
  /** What the host has not agreed to yet. */
  #unconfirmed: Promise<unknown>[] = [];
  #last = 0;

  constructor(calls: GuestCalls) {
    this.#calls = calls;
  }

  readonly on: Subscribe = <Name extends EventName>(
    name: Name,
    filterOrHandler: FilterOf<Name> | Handler<EventMap[Name]>,
    handler?: AnyHandler,
  ): Disposer => {
    const isPlain = typeof filterOrHandler === "function";
    const handle = isPlain ? filterOrHandler : handler;
    if (typeof handle !== "function") throw new TypeError("A handler must be a function");
    const { filter, matchText } = splitFilter(isPlain ? {} : filterOrHandler);
    return this.#register({ phase: "handler", handle, matchText }, "on", [name, filter]);
  };

  get schedule(): Schedule {
    const add = (handle: ScheduleHandler, method: string, params: readonly unknown[]): Disposer =>
      this.#register({ phase: "schedule", handle }, method, params);
    return {
      cron: (name, expression, handler, { timeZone, missed } = {}) =>
        add(handler, "schedule.cron", [name, expression, timeZone ?? null, missed === "once"]),
      after: (name, delayMs, handler, { keep } = {}) =>
        add(handler, "schedule.after", [name, delayMs, keep === true]),
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
    const { handle, matchText = null } = this.#handlers.get(number) ?? {};
    const match = matchText !== null && "text" in event ? matchText(event.text) : null;
    if (handle === undefined || (matchText !== null && match === null)) return;
    // The host gives a handler only what it subscribed to.
    await handle((match === null ? event : { ...event, match }) as never, context);
    await this.confirmed();
  }

  #register(registered: Registered, method: string, params: readonly unknown[]): Disposer {
    this.#last++;
    const number = this.#last;
    this.#handlers.set(number, registered);
    const asked = this.#calls.call(method, [number, ...params]);
    // Whoever waits for `confirmed` has the refusal.
    asked.catch(() => this.#handlers.delete(number));
    this.#unconfirmed.push(asked);
    return async () => {
      if (!this.#handlers.has(number)) return;
      await this.#calls.call("off", [number]);
      this.#handlers.delete(number);
    };
  }
}

/**
 * What of a filter the host looks at, and what is looked at here: an expression can take its time, and that has to be the
 * plugin's own.
 */
function splitFilter({ text, ...rest }: MessageFilter): {
  readonly filter: MessageFilter;
  readonly matchText: TextMatcher | null;
} {
  if (text === undefined) return { filter: rest, matchText: null };
  if (typeof text === "string") return { filter: { ...rest, text }, matchText: null };
  return { filter: rest, matchText: createTextMatcher(text) };
}
