import { instruments } from "../../telemetry/index.ts";
import type { EventName, TelegraphistEvent } from "../contract/index.ts";
import { Fifo } from "./fifo.ts";
import type { CompiledFilter } from "./filter.ts";
import type { Intake } from "./intake.ts";
import type { Receipt, Ticket } from "./receipt.ts";

/** One `subscribe` call. */
export interface Subscription {
  readonly event: EventName;
  readonly queue: OwnerQueue;
  readonly filter: CompiledFilter;
  readonly handle: (event: TelegraphistEvent, ticket: Ticket | null) => unknown;
  readonly intake: Intake;
  /** Events taken and not yet handled. */
  depth: number;
  /** Events that found no room; their emitters wait. */
  readonly waiting: Fifo<{ readonly event: TelegraphistEvent; readonly admit: () => void }>;
  delivered: number;
  errors: number;
  isOpen: boolean;
}

interface Delivery {
  readonly subscription: Subscription;
  readonly event: TelegraphistEvent;
  /** Whether it could not start at once, and so counts into the queue's depth. */
  readonly waits: boolean;
  /** `null` for an event that nobody asks after. */
  readonly receipt: Receipt | null;
}

/** The deliveries of one account and chat; it exists only while there are some. */
interface Lane {
  readonly key: string;
  readonly deliveries: Fifo<Delivery>;
}

export interface OwnerQueueOptions {
  readonly owner: string;
  /** Events that one subscription may have waiting. */
  readonly queueSize: number;
  /** Chats that are handled side by side. */
  readonly handlersAtOnce: number;
  readonly orderKeyOf: (event: TelegraphistEvent) => string;
  readonly onError: (error: unknown, subscription: Subscription, event: TelegraphistEvent) => void;
  /** Called when nothing is left to handle. */
  readonly onIdle: () => void;
}

/**
 * All deliveries of one owner: one after another within an account and chat, whatever the subscription, and chats side by
 * side up to a bound. A handler that can start at once is called from within `offer`, without a promise in between.
 */
export class OwnerQueue {
  readonly owner: string;
  readonly #options: OwnerQueueOptions;
  readonly #labels: { readonly queue: string };
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Fifo<Lane>();
  #running = 0;
  #pending = 0;

  constructor(options: OwnerQueueOptions) {
    this.owner = options.owner;
    this.#options = options;
    this.#labels = { queue: options.owner };
  }

  /** Events taken and not yet handled, those of waiting emitters included. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes the event; returns a promise only when there is no room, which resolves once there is. */
  offer(subscription: Subscription, event: TelegraphistEvent): Promise<void> | undefined {
    this.#pending++;
    subscription.intake.begin();
    if (subscription.depth < this.#options.queueSize && subscription.waiting.size === 0) {
      this.#enqueue(subscription, event, null);
      this.#pump();
      return undefined;
    }
    return new Promise((admit) => subscription.waiting.push({ event, admit }));
  }

  /** Takes the event whatever is waiting: who hands it in bounds what it has outstanding. */
  take(subscription: Subscription, event: TelegraphistEvent, receipt: Receipt): void {
    this.#pending++;
    subscription.intake.begin();
    this.#enqueue(subscription, event, receipt);
    this.#pump();
  }

  /** Forgets what a subscription that was closed still has waiting, and lets its emitters go on. */
  release(subscription: Subscription): void {
    for (let next = subscription.waiting.shift(); next !== undefined; next = subscription.waiting.shift()) {
      this.#pending--;
      subscription.intake.end();
      next.admit();
    }
    this.#pump();
    this.#announceIdle();
  }

  #enqueue(subscription: Subscription, event: TelegraphistEvent, receipt: Receipt | null): void {
    subscription.depth++;
    const key = this.#options.orderKeyOf(event);
    const lane = this.#lanes.get(key);
    const waits = lane !== undefined || this.#running >= this.#options.handlersAtOnce;
    if (waits) instruments.queueDepth.add(1, this.#labels);
    if (lane !== undefined) {
      lane.deliveries.push({ subscription, event, waits, receipt });
      return;
    }
    const opened: Lane = { key, deliveries: new Fifo() };
    opened.deliveries.push({ subscription, event, waits, receipt });
    this.#lanes.set(key, opened);
    this.#ready.push(opened);
  }

  #pump(): void {
    while (this.#running < this.#options.handlersAtOnce) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      this.#step(lane);
    }
  }

  /** Handles the lane's next delivery; what becomes ready by it waits for `#pump`. */
  #step(lane: Lane): void {
    const delivery = lane.deliveries.shift();
    if (delivery === undefined) return;
    if (delivery.waits) instruments.queueDepth.add(-1, this.#labels);
    this.#running++;
    const { subscription, event, receipt } = delivery;
    // What came by `deliver` is given again, to whoever goes on.
    const isLeft = receipt !== null && subscription.intake.isClosed;
    if (!subscription.isOpen || isLeft) {
      this.#finish(lane, delivery, false);
      return;
    }
    let outcome: unknown;
    try {
      outcome = subscription.handle(event, receipt?.ticket ?? null);
    } catch (error) {
      this.#failed(lane, delivery, error);
      return;
    }
    if (!isThenable(outcome)) {
      this.#delivered(lane, delivery, outcome);
      return;
    }
    outcome.then(
      (result) => {
        this.#delivered(lane, delivery, result);
        this.#pump();
      },
      (error: unknown) => {
        this.#failed(lane, delivery, error);
        this.#pump();
      },
    );
  }

  #delivered(lane: Lane, delivery: Delivery, outcome: unknown): void {
    delivery.subscription.delivered++;
    this.#finish(lane, delivery, outcome !== false);
  }

  #failed(lane: Lane, delivery: Delivery, error: unknown): void {
    const { subscription, event } = delivery;
    subscription.errors++;
    this.#options.onError(error, subscription, event);
    this.#finish(lane, delivery, false);
  }

  #finish(lane: Lane, { subscription, receipt }: Delivery, isHandled: boolean): void {
    this.#running--;
    this.#pending--;
    subscription.depth--;
    if (lane.deliveries.size > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane.key);
    const waiter = subscription.waiting.shift();
    if (waiter !== undefined) {
      this.#enqueue(subscription, waiter.event, null);
      waiter.admit();
    }
    receipt?.settle(isHandled);
    subscription.intake.end();
    this.#announceIdle();
  }

  #announceIdle(): void {
    if (this.#pending === 0) this.#options.onIdle();
  }
}

/** A handler may return anything, as TypeScript lets any function stand where one that returns nothing is asked for. */
function isThenable(outcome: unknown): outcome is PromiseLike<unknown> {
  return (
    typeof outcome === "object" && outcome !== null && "then" in outcome && typeof outcome.then === "function"
  );
}
