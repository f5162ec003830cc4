import { attributeNames, instruments, type Logger, span, spanNames } from "../../../telemetry/index.ts";
import type { AccountName, Clock, TelegraphistEvent, UserId } from "../../contract/index.ts";
import type { UpdateStateRepository } from "../../storage/index.ts";
import type { Api } from "../gramjs.ts";
import type { PeerContainer, PeerStore } from "../peers/peer-store.ts";
import { delayMs, type RetryPolicy } from "../retry-policy.ts";
import type { RpcPort } from "../rpc-port.ts";
import { unpackUpdates } from "../updates/unpack-updates.ts";
import type { UpdateTranslator } from "../updates/update-translator.ts";
import { Alarm } from "./alarm.ts";
import type { CommitBatch, EventBatch } from "./event-batch.ts";
import { type Fetch, FetchPlan, type FetchReason } from "./fetch-plan.ts";
import { Fetcher } from "./fetcher.ts";
import type { Target } from "./numbering.ts";
import { type Arrival, type DueUpdate, UpdateOrder } from "./update-order.ts";

export interface UpdateEngineOptions {
  readonly account: AccountName;
  readonly rpc: RpcPort;
  readonly peers: PeerStore;
  readonly translator: UpdateTranslator;
  readonly states: Pick<UpdateStateRepository, "load" | "loadChannels">;
  readonly commit: CommitBatch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A number from 0 up to 1. @default Math.random */
  readonly random?: () => number;
  /** Containers that may wait; past that they are forgotten and fetched anew. @default 100_000 */
  readonly maxWaiting?: number;
}

/** Counted since the engine was made. */
export interface UpdateEngineStats {
  /** Containers that Telegram pushed, or gave as the answer of a call. */
  readonly updates: number;
  /** Events that were kept. */
  readonly events: number;
  /** Containers that could not be made sense of, and what came with them that no difference brings again. */
  readonly lost: number;
  /** Differences that were asked for. */
  readonly fetches: number;
  /** How often Telegram had too much to tell, so that something of the account's common updates was passed over. */
  readonly skips: number;
  /** Containers that were forgotten, and fetched anew, since too many waited. */
  readonly forgotten: number;
  /** Channels, or the account, whose differences fail at present. */
  readonly paused: number;
}

/** Something that the line takes in: a container, a difference, or an event of the account's own. */
interface Step {
  readonly from: PeerContainer;
  /** May be forgotten, as a difference brings it again. */
  readonly isPush: boolean;
  readonly take: (order: UpdateOrder) => readonly (DueUpdate | TelegraphistEvent)[];
  readonly done: () => void;
}

const noPeers: PeerContainer = { users: [], chats: [] };
const nothing = () => undefined;
/** Steps that are kept together. */
const batchSteps = 256;
const commitPolicy: RetryPolicy = {
  maxRetries: Number.POSITIVE_INFINITY,
  firstDelayMs: 250,
  backoffFactor: 2,
  maxDelayMs: 30_000,
  jitter: 0,
};

/**
 * Brings all that happens to an account through one line: ordered by Telegram's numbers, completed by differences,
 * translated, and kept together with the state that it leads to. What is missing is fetched beside the line, so that a
 * chat that waits holds up no other.
 */
export class UpdateEngine {
  readonly #options: UpdateEngineOptions;
  readonly #maxWaiting: number;
  readonly #alarm: Alarm;
  #order = new UpdateOrder(null);
  #plan = new FetchPlan();
  #fetcher: Fetcher | null = null;
  #life = new AbortController();
  #steps: Step[] = [];
  #pushesWaiting = 0;
  #running: Promise<void> | null = null;
  #isAbandoned = false;
  readonly #fetching = new Set<Promise<void>>();
  #caughtUp = Promise.withResolvers<void>();
  readonly #counts = { updates: 0, events: 0, lost: 0, fetches: 0, skips: 0, forgotten: 0 };
  #lastUpdateAtMs: number | null = null;

  constructor(options: UpdateEngineOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? 100_000;
    this.#alarm = new Alarm(options.clock, () => this.#fetchDue());
  }

  get stats(): UpdateEngineStats {
    return { ...this.#counts, paused: this.#plan.paused };
  }

  get lastUpdateAtMs(): number | null {
    return this.#lastUpdateAtMs;
  }

  /** Takes up what was kept. @throws {TelegraphistError} what the database refuses */
  async start(): Promise<void> {
    const { account, clock, states } = this.#options;
    await this.#running;
    const [state, channels] = [await states.load(account), await states.loadChannels(account)];
    this.#life = new AbortController();
    this.#isAbandoned = false;
    this.#order = new UpdateOrder(state, channels);
    this.#plan = new FetchPlan();
    this.#fetcher = new Fetcher({
      ...this.#options,
      order: this.#order,
      signal: this.#life.signal,
      apply: (from, take) => this.#apply(from, take),
      onSkip: (target) => this.#noteSkip(target),
    });
    this.#plan.whole("account", clock.now());
  }

  /** Takes a container that Telegram pushed, or gave as the answer of a call. */
  push(container: Api.TypeUpdates): void {
    const receivedAtMs = this.#options.clock.now();
    this.#counts.updates += 1;
    this.#lastUpdateAtMs = receivedAtMs;
    const unpacked = unpackUpdates(container, this.#selfId);
    if (unpacked === null) {
      // It says that there is something, and not what.
      this.#options.translator.countEmpty(container.className);
      this.#demand("account", "announced");
      return;
    }
    if (this.#pushesWaiting >= this.#maxWaiting) this.#forgetPushes();
    this.#pushesWaiting += 1;
    const arrival: Arrival = { ...unpacked, name: container.className, receivedAtMs };
    this.#enqueue({ from: unpacked, isPush: true, take: (order) => order.take(arrival), done: nothing });
  }

  /** Takes an event of the account's own, which goes in the same line. */
  pushEvent(event: TelegraphistEvent): void {
    this.#enqueue({ from: noPeers, isPush: false, take: () => [event], done: nothing });
  }

  /** A message could not even be read, or the server forgot what it owed: something may be missing. */
  suspect(reason: Extract<FetchReason, "unreadable" | "session">): void {
    this.#demand("account", reason);
  }

  /**
   * Fetches all that was missed. Resolves when that is kept, or put off after a failure; never rejects.
   *
   * @param reason why something was missed
   */
  async catchUp(reason: Extract<FetchReason, "start" | "reconnect">): Promise<void> {
    const nowMs = this.#options.clock.now();
    for (const target of ["account" as const, ...this.#order.channels]) {
      this.#plan.demand({ target, reason }, nowMs);
    }
    this.#caughtUp = Promise.withResolvers();
    this.#fetchDue();
    await this.#caughtUp.promise;
  }

  /** Ends fetching; resolves when what came in before is through, or cannot be kept now. */
  async stop(): Promise<void> {
    this.#life.abort();
    this.#alarm.off();
    await Promise.all(this.#fetching);
    await this.#running;
    this.#fetcher = null;
    this.#caughtUp.resolve();
  }

  get #selfId(): UserId | null {
    return this.#options.rpc.account.userId;
  }

  #enqueue(step: Step): void {
    if (this.#isAbandoned) {
      step.done();
      return;
    }
    this.#steps.push(step);
    this.#running ??= this.#run();
  }

  /** Has the line apply something that was fetched. */
  #apply(from: PeerContainer, take: (order: UpdateOrder) => readonly DueUpdate[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#enqueue({ from, isPush: false, take, done: resolve });
    return promise;
  }

  async #run(): Promise<void> {
    // What is pushed within one turn is kept together.
    await null;
    while (this.#steps.length > 0) {
      const steps = this.#steps.splice(0, batchSteps);
      for (const { isPush } of steps) if (isPush) this.#pushesWaiting -= 1;
      await this.#pass(steps);
      for (const { done } of steps) done();
      this.#look();
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
      this.#lose("UPDATE_UNTRANSLATABLE", { error });
    }
    return events;
  }

  /** The events of updates of one container, in a trace of their own. */
  #translated(together: readonly DueUpdate[]): Promise<readonly TelegraphistEvent[]> {
    const [first] = together;
    if (first === undefined) return Promise.resolve([]);
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

  /** Tries until the batch is kept; after the account's stop once only, as it is fetched again at the next start. */
  async #commit(batch: EventBatch): Promise<void> {
    const { account, clock, commit, logger } = this.#options;
    for (let failures = 1; ; failures += 1) {
      try {
        await commit(batch);
        this.#counts.events += batch.events.length;
        for (const { type } of batch.events) instruments.updates.add(1, { account, event: type });
        return;
      } catch (error) {
        const retryInMs = delayMs(commitPolicy, failures, 0) ?? 0;
        logger.error("Events could not be kept and wait", { error, events: batch.events.length, retryInMs });
        if (!(await this.#slept(retryInMs, clock))) return this.#abandon();
      }
    }
  }

  async #slept(durationMs: number, clock: Clock): Promise<boolean> {
    const { signal } = this.#life;
    if (signal.aborted) return false;
    try {
      await clock.sleep(durationMs, { signal });
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

  /** Tells the plan what the last steps showed. */
  #look(): void {
    const nowMs = this.#options.clock.now();
    for (const [target, need] of this.#order.needs()) {
      if (need === "announced") this.#plan.demand({ target, reason: "announced" }, nowMs);
      else if (need === "gap") this.#plan.gap(target, nowMs);
      else this.#plan.whole(target, nowMs);
    }
    this.#fetchDue();
  }

  #demand(target: Target, reason: FetchReason): void {
    this.#plan.demand({ target, reason }, this.#options.clock.now());
    this.#fetchDue();
  }

  #fetchDue(): void {
    if (this.#fetcher === null || this.#life.signal.aborted) return;
    for (const fetch of this.#plan.begin(this.#options.clock.now())) {
      const fetching = this.#fetch(fetch, this.#fetcher).finally(() => {
        this.#fetching.delete(fetching);
        this.#fetchDue();
      });
      this.#fetching.add(fetching);
    }
    if (!this.#plan.isCatchingUp) this.#caughtUp.resolve();
    this.#alarm.setFor(this.#plan.nextWakeAt());
  }

  async #fetch({ target, reason }: Fetch, fetcher: Fetcher): Promise<void> {
    const { account, clock, logger, random = Math.random } = this.#options;
    this.#counts.fetches += 1;
    instruments.updateFetches.add(1, { account, reason });
    try {
      const { isGone, pollAfterMs } = await fetcher.fetch(target);
      if (isGone) this.#plan.forget(target);
      else this.#plan.done(target, clock.now(), pollAfterMs);
    } catch (error) {
      this.#plan.failed(target, clock.now(), random());
      if (this.#life.signal.aborted) return;
      logger.warn("Missed updates could not be fetched", { error, target: kindOf(target), reason });
    }
  }

  /** The socket cannot be made to wait, as the answers that handlers wait for come over it too. */
  #forgetPushes(): void {
    this.#steps = this.#steps.filter(({ isPush }) => !isPush);
    this.#counts.forgotten += this.#pushesWaiting;
    this.#options.logger.warn("Too many updates wait: they are fetched again", {
      waiting: this.#pushesWaiting,
    });
    this.#pushesWaiting = 0;
    for (const target of ["account" as const, ...this.#order.channels]) this.#demand(target, "overflow");
  }

  #noteSkip(target: Target): void {
    this.#counts.skips += 1;
    instruments.updateSkips.add(1, { account: this.#options.account, of: kindOf(target) });
    this.#options.logger.error("Too much was missed for Telegram to tell: some updates were passed over", {
      target: kindOf(target),
    });
  }

  #lose(code: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#counts.lost += 1;
    this.#options.logger.error("An update was lost", { code, ...fields });
  }
}

function kindOf(target: Target): "account" | "channel" {
  return target === "account" ? "account" : "channel";
}
