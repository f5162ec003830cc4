import { attributeNames, errorTypeOf, type Logger, span, spanNames } from "../../telemetry/index.ts";
import type { Disposer, EventMap, EventName, FilterOf, TelegraphistEvent } from "../contract/index.ts";
import { cancelled } from "../scope/index.ts";
import { orderKeyOf } from "./event-chat.ts";
import { Fifo } from "./fifo.ts";
import { compileFilter } from "./filter.ts";
import { Intake } from "./intake.ts";
import { OwnerQueue, type Subscription } from "./owner-queue.ts";
import { Receipt, type Ticket } from "./receipt.ts";
import { type EventSummary, RecentEvents } from "./recent-events.ts";

export interface EventBusOptions {
  readonly logger: Logger;
  /** Events that one subscription may have waiting before `emit` waits. @default 1_000 */
  readonly queueSize?: number;
  /** Chats that one owner handles side by side. @default 32 */
  readonly handlersAtOnce?: number;
  /** Events that `recent` can show. @default 200 */
  readonly recentSize?: number;
}

export interface SubscribeOptions {
  /** Whose handlers they are: one owner's handlers of one account and chat run one after another. */
  readonly owner: string;
  /** Looks at each event before the filter does: what it returns is delivered in its place, `null` is not delivered. */
  readonly admit?: (event: TelegraphistEvent) => TelegraphistEvent | null;
  /** Says from when until when it takes events. @default at once, until it is taken back */
  readonly intake?: Intake;
}

/**
 * @param ticket of an event that came by `deliver`; `null` of one that was emitted
 * @returns a promise where it goes on; `false`, or a promise of it, leaves an event that came by `deliver` unhandled
 */
export type BusHandler<Name extends EventName> = (event: EventMap[Name], ticket: Ticket | null) => unknown;

export interface EmitOptions {
  /** Owners that are given the event by `deliver` instead. @default none */
  readonly except?: { has(owner: string): boolean };
}

export interface SubscriptionStats {
  readonly owner: string;
  readonly event: EventName;
  /** Events taken and not yet handled. */
  readonly depth: number;
  readonly delivered: number;
  readonly errors: number;
}

export interface EventBusStats {
  readonly emitted: number;
  /** Events taken and not yet handled, over all subscriptions. */
  readonly pending: number;
  readonly subscriptions: readonly SubscriptionStats[];
}

/**
 * Carries events to whoever subscribed. Of one account and chat, an owner's handlers run one after another in the order
 * of the events; chats and owners run side by side. What a handler throws is logged and counted, and reaches nobody.
 */
export interface EventBus {
  /** @throws {TelegraphistError} `FILTER_INVALID` when the filter's pattern cannot be read */
  subscribe<Name extends EventName>(
    name: Name,
    filter: FilterOf<Name> | undefined,
    handler: BusHandler<Name>,
    options: SubscribeOptions,
  ): Disposer;
  /** Resolves when the queue of every subscription that fits has taken the event; never rejects. */
  emit(event: TelegraphistEvent, options?: EmitOptions): Promise<void>;
  /**
   * Hands the event to one owner's handlers, in its turn after those before it. Whoever calls this MUST bound what is
   * not settled yet.
   *
   * @param onHandled called once, when every handler that fits has ended, at once when none does; with `false` when one
   * has left the event unhandled, has thrown, or was taken back before its turn
   */
  deliver(
    owner: string,
    event: TelegraphistEvent,
    ticket: Ticket,
    onHandled: (isHandled: boolean) => void,
  ): void;
  /**
   * Resolves when nothing is left to handle.
   *
   * @throws {TelegraphistError} `CANCELLED` when the signal is aborted first
   */
  drain(signal?: AbortSignal): Promise<void>;
  stats(): EventBusStats;
  /** Summaries of the last events, newest first, without texts. */
  recent(limit: number): readonly EventSummary[];
}

export function createEventBus(options: EventBusOptions): EventBus {
  return new QueuedEventBus(options);
}

/** What `emit` returns when nobody has to wait; one for all, as most events end here. */
const taken = Promise.resolve();

class QueuedEventBus implements EventBus {
  readonly #logger: Logger;
  readonly #queueSize: number;
  readonly #handlersAtOnce: number;
  readonly #recent: RecentEvents;
  readonly #queues = new Map<string, OwnerQueue>();
  /** Lists are replaced, never changed, so that one can be walked while handlers subscribe. */
  readonly #subscriptions = new Map<EventName, readonly Subscription[]>();
  readonly #idleWaiters = new Set<() => void>();
  #emitted = 0;

  constructor(options: EventBusOptions) {
    this.#logger = options.logger;
    this.#queueSize = options.queueSize ?? 1_000;
    this.#handlersAtOnce = options.handlersAtOnce ?? 32;
    this.#recent = new RecentEvents(options.recentSize ?? 200);
  }

  subscribe<Name extends EventName>(
    name: Name,
    filter: FilterOf<Name> | undefined,
    handler: BusHandler<Name>,
    { owner, admit, intake = openIntake() }: SubscribeOptions,
  ): Disposer {
    const compiled = compileFilter(filter);
    const subscription: Subscription = {
      event: name,
      queue: this.#queueOf(owner),
      filter: admit === undefined ? compiled : admitted(admit, compiled),
      // The list under a name is given events of that name alone.
      handle: handler as BusHandler<EventName>,
      intake,
      depth: 0,
      waiting: new Fifo(),
      delivered: 0,
      errors: 0,
      isOpen: true,
    };
    this.#subscriptions.set(name, [...this.#listOf(name), subscription]);
    return async () => this.#unsubscribe(subscription);
  }

  emit(event: TelegraphistEvent, { except }: EmitOptions = {}): Promise<void> {
    this.#emitted++;
    this.#recent.add(event);
    let waits: Promise<void>[] | null = null;
    for (const subscription of this.#listOf(event.type)) {
      if (except?.has(subscription.queue.owner) === true) continue;
      const seen = isTaking(subscription) ? subscription.filter(event) : null;
      const wait = seen === null ? undefined : subscription.queue.offer(subscription, seen);
      if (wait === undefined) continue;
      waits ??= [];
      waits.push(wait);
    }
    return waits === null ? taken : this.#waitForRoom(event, waits);
  }

  deliver(
    owner: string,
    event: TelegraphistEvent,
    ticket: Ticket,
    onHandled: (isHandled: boolean) => void,
  ): void {
    const found = this.#listOf(event.type).flatMap((subscription) => {
      if (subscription.queue.owner !== owner || !isTaking(subscription)) return [];
      const seen = subscription.filter(event);
      return seen === null ? [] : { subscription, seen };
    });
    if (found.length === 0) onHandled(true);
    const receipt = new Receipt(ticket, found.length, onHandled);
    for (const { subscription, seen } of found) subscription.queue.take(subscription, seen, receipt);
  }

  drain(signal?: AbortSignal): Promise<void> {
    if (this.#pending() === 0) return taken;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled("drain", signal.reason));
      const onIdle = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#idleWaiters.delete(onIdle);
        reject(cancelled("drain", signal?.reason));
      };
      this.#idleWaiters.add(onIdle);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  stats(): EventBusStats {
    const subscriptions = [...this.#subscriptions.values()].flat().map(
      ({ queue, event, depth, waiting, delivered, errors }): SubscriptionStats => ({
        owner: queue.owner,
        event,
        depth: depth + waiting.size,
        delivered,
        errors,
      }),
    );
    return { emitted: this.#emitted, pending: this.#pending(), subscriptions };
  }

  recent(limit: number): readonly EventSummary[] {
    return this.#recent.list(limit);
  }

  #listOf(name: EventName): readonly Subscription[] {
    return this.#subscriptions.get(name) ?? [];
  }

  #unsubscribe(subscription: Subscription): void {
    if (!subscription.isOpen) return;
    subscription.isOpen = false;
    const rest = this.#listOf(subscription.event).filter((other) => other !== subscription);
    this.#subscriptions.set(subscription.event, rest);
    subscription.queue.release(subscription);
  }

  #queueOf(owner: string): OwnerQueue {
    const known = this.#queues.get(owner);
    if (known !== undefined) return known;
    const queue = new OwnerQueue({
      owner,
      queueSize: this.#queueSize,
      handlersAtOnce: this.#handlersAtOnce,
      orderKeyOf,
      onError: (error, subscription, event) =>
        this.#logger.error("Handler failed", {
          owner,
          event: subscription.event,
          eventId: event.id,
          code: errorTypeOf(error),
        }),
      onIdle: () => this.#announceIdle(),
    });
    this.#queues.set(owner, queue);
    return queue;
  }

  #waitForRoom(event: TelegraphistEvent, waits: readonly Promise<void>[]): Promise<void> {
    return span(spanNames.publish, { attributes: { [attributeNames.event]: event.type } }, async () => {
      await Promise.all(waits);
    });
  }

  #pending(): number {
    let pending = 0;
    for (const queue of this.#queues.values()) pending += queue.pending;
    return pending;
  }

  #announceIdle(): void {
    if (this.#idleWaiters.size === 0 || this.#pending() > 0) return;
    const waiters = [...this.#idleWaiters];
    this.#idleWaiters.clear();
    for (const resolve of waiters) resolve();
  }
}

function isTaking({ isOpen, intake }: Subscription): boolean {
  return isOpen && intake.isOpen;
}

function openIntake(): Intake {
  const intake = new Intake();
  intake.open();
  return intake;
}

function admitted(
  admit: (event: TelegraphistEvent) => TelegraphistEvent | null,
  filter: (event: TelegraphistEvent) => TelegraphistEvent | null,
): (event: TelegraphistEvent) => TelegraphistEvent | null {
  return (event) => {
    const seen = admit(event);
    return seen === null ? null : filter(seen);
  };
}
