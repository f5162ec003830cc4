import { attributeNames, instruments, type Logger, span, spanNames } from "../../../telemetry/index.ts";
import { type AccountName, type Clock, hasCode, type TelegraphistEvent } from "../../contract/index.ts";
import type { PeerContainer, PeerStore } from "../peers/peer-store.ts";
import { delayMs, type RetryPolicy } from "../retry-policy.ts";
import type { UpdateTranslator } from "../updates/update-translator.ts";
import type { CommitBatch, EventBatch } from "./event-batch.ts";
import { type DueUpdate, UpdateOrder } from "./update-order.ts";

export interface UpdateLineOptions {
  readonly account: AccountName;
  readonly peers: PeerStore;
  readonly translator: UpdateTranslator;
  readonly commit: CommitBatch;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Something that the line takes in: a container, a difference, or an event of the account's own. */
export interface Step {
  readonly from: PeerContainer;
  /** May be forgotten, as a difference brings it again. */
  readonly isPush: boolean;
  readonly take: (order: UpdateOrder) => readonly (DueUpdate | TelegraphistEvent)[];
  /** Called when what it brought is kept, or will not be. */
  readonly done: () => void;
}

/** Steps that are kept together. */
const batchSteps = 256;
const commitPolicy: RetryPolicy = {
  maxRetries: Number.POSITIVE_INFINITY,
  firstDelayMs: 250,
  backoffFactor: 2,
  maxDelayMs: 30_000,
  jitter: 0,
};

/** One step after another: ordered, translated, and kept together with the state that they lead to. */
export class UpdateLine {
  readonly #options: UpdateLineOptions;
  readonly #onPassed: () => void;
  #order = new UpdateOrder(null);
  #signal = new AbortController().signal;
  #steps: Step[] = [];
  #pushesWaiting = 0;
  #running: Promise<void> | null = null;
  #isAbandoned = false;
  #events = 0;
  #lost = 0;

  /** @param onPassed called after each batch */
  constructor(options: UpdateLineOptions, onPassed: () => void) {
    this.#options = options;
    this.#onPassed = onPassed;
  }

  get counts(): { readonly events: number; readonly lost: number } {
    return { events: this.#events, lost: this.#lost };
  }

  get pushesWaiting(): number {
    return this.#pushesWaiting;
  }

  /** @param signal ends the trying to keep a batch that cannot be kept */
  begin(order: UpdateOrder, signal: AbortSignal): void {
    this.#order = order;
    this.#signal = signal;
    this.#isAbandoned = false;
  }

  add(step: Step): void {
    if (this.#isAbandoned) {
      step.done();
      return;
    }
    if (step.isPush) this.#pushesWaiting += 1;
    this.#steps.push(step);
    this.#running ??= this.#run();
  }

  /** Forgets the pushes that wait, and returns how many there were. */
  forgetPushes(): number {
    const forgotten = this.#pushesWaiting;
    this.#steps = this.#steps.filter(({ isPush }) => !isPush);
    this.#pushesWaiting = 0;
    return forgotten;
  }

  /** Resolves when all that was added is through. */
  async empty(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is pushed within one turn is kept together.
    await null;
    while (this.#steps.length > 0) {
      const steps = this.#steps.splice(0, batchSteps);
      for (const { isPush } of steps) if (isPush) this.#pushesWaiting -= 1;
      await this.#pass(steps);
      for (const { done } of steps) done();
      this.#onPassed();
    }
    this.#running = null;
  }

  async #pass(steps: readonly Step[]): Promise<void> {
    await this.#options.peers.remember({
      users: steps.flatMap(({ from }) => from.users),
      chats: steps.flatMap(({ from }) => from.chats),
    });
    const events: TelegraphistEvent[] = [];
    for (const step of steps) events.push(...(await this.#eventsOf(step)));
    const state = this.#order.change();
    const isIdle = state.account === null && state.channels.size === 0 && state.forgotten.length === 0;
    if (events.length > 0 || !isIdle) await this.#commit({ events, state });
  }

  async #eventsOf({ take }: Step): Promise<readonly TelegraphistEvent[]> {
    const events: TelegraphistEvent[] = [];
    let together: DueUpdate[] = [];
    const flush = async () => {
      if (together.length > 0) events.push(...(await this.#translated(together)));
      together = [];
    };
    try {
      for (const due of take(this.#order)) {
        if (!("arrival" in due)) events.push(due);
        else {
          if (together[0] !== undefined && together[0].arrival !== due.arrival) await flush();
          together.push(due);
        }
      }
      await flush();
    } catch (error) {
      this.#lost += 1;
      this.#options.logger.error("An update was lost", { code: "UPDATE_UNTRANSLATABLE", error });
    }
    return events;
  }

  /** The events of updates of one container, in a trace of their own. */
  async #translated(together: readonly DueUpdate[]): Promise<readonly TelegraphistEvent[]> {
    const [first] = together;
    if (first === undefined) return [];
    const { arrival } = first;
    const attributes = {
      [attributeNames.account]: this.#options.account,
      [attributeNames.messagingSystem]: "telegram",
      [attributeNames.messagingOperation]: "receive",
      [attributeNames.constructorName]: arrival.name,
    };
    const due = together.map(({ update }) => update);
    return span(spanNames.update, { root: true, kind: "consumer", attributes }, () =>
      this.#options.translator.translate(due, arrival),
    );
  }

  /** Tries until the batch is kept; after the end once only, as it is fetched again at the next start. */
  async #commit(batch: EventBatch): Promise<void> {
    const { account, commit, logger } = this.#options;
    for (let failures = 1; ; failures += 1) {
      try {
        await commit(batch);
        this.#events += batch.events.length;
        for (const { type } of batch.events) instruments.updates.add(1, { account, event: type });
        return;
      } catch (error) {
        const retryInMs = delayMs(commitPolicy, failures, 0) ?? 0;
        // Whoever has the session next fetches them.
        if (hasCode(error, "LEASE_LOST", "STORAGE_CLOSED")) return this.#abandon();
        logger.error("Events could not be kept and wait", { error, events: batch.events.length, retryInMs });
        if (!(await this.#slept(retryInMs))) return this.#abandon();
      }
    }
  }

  /** `false` when the end came first. */
  async #slept(durationMs: number): Promise<boolean> {
    const signal = this.#signal;
    if (signal.aborted) return false;
    try {
      await this.#options.clock.sleep(durationMs, { signal });
      return true;
    } catch (cancelled) {
      if (!signal.aborted) throw cancelled;
      return false;
    }
  }

  /** Nothing that follows may be kept before the next start, as its state would cover what was not. */
  #abandon(): void {
    this.#isAbandoned = true;
    for (const { done } of this.#steps) done();
    this.#steps = [];
    this.#pushesWaiting = 0;
  }
}
