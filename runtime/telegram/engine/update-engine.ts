import { instruments, type Logger } from "../../../telemetry/index.ts";
import type { AccountName, Clock, TelegraphistEvent, UserId } from "../../contract/index.ts";
import type { UpdateStateRepository } from "../../storage/index.ts";
import type { Api } from "../gramjs.ts";
import type { PeerContainer, PeerStore } from "../peers/peer-store.ts";
import type { RpcPort } from "../rpc-port.ts";
import { unpackUpdates } from "../updates/unpack-updates.ts";
import type { UpdateTranslator } from "../updates/update-translator.ts";
import { Alarm } from "./alarm.ts";
import type { CommitBatch } from "./event-batch.ts";
import { type Fetch, FetchPlan, type FetchReason } from "./fetch-plan.ts";
import { Fetcher } from "./fetcher.ts";
import { type FirstState, firstState } from "./first-state.ts";
import type { Target } from "./numbering.ts";
import { correctedChannels, correctedPlace } from "./place.ts";
import { UpdateLine } from "./update-line.ts";
import { type Arrival, type DueUpdate, UpdateOrder } from "./update-order.ts";

export interface UpdateEngineOptions {
  readonly account: AccountName;
  readonly rpc: RpcPort;
  readonly peers: PeerStore;
  readonly translator: UpdateTranslator;
  readonly states: Pick<UpdateStateRepository, "load" | "loadChannels" | "apply">;
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
  /** Updates that were taken in and then could not be made sense of. */
  readonly lost: number;
  /** Differences that were asked for. */
  readonly fetches: number;
  /** How often Telegram had too much to tell, or could not be asked, so that something was passed over. */
  readonly skips: number;
  /** Containers that were forgotten, and fetched anew, since too many waited. */
  readonly forgotten: number;
  /** Channels, or the account, whose differences fail at present. */
  readonly paused: number;
}

/**
 * What a look at the places to read on from showed.
 *
 * - `right`: Telegram has come so far.
 * - `begun`: there was none, and it is Telegram's present now.
 * - `corrected`: one was ahead of Telegram's.
 */
export type PlaceRepair = "right" | "begun" | "corrected";

const noPeers: PeerContainer = { users: [], chats: [] };
const nothing = () => undefined;

/**
 * Brings all that happens to an account through one line: ordered by Telegram's numbers, completed by differences,
 * translated, and kept together with the state that it leads to. What is missing is fetched beside the line, so that a
 * chat that waits holds up no other.
 */
export class UpdateEngine {
  readonly #options: UpdateEngineOptions;
  readonly #maxWaiting: number;
  readonly #line: UpdateLine;
  readonly #alarm: Alarm;
  #order = new UpdateOrder(null);
  #plan = new FetchPlan();
  #fetcher: Fetcher | null = null;
  #life = new AbortController();
  readonly #fetching = new Set<Promise<void>>();
  #caughtUp = Promise.withResolvers<void>();
  readonly #counts = { updates: 0, fetches: 0, skips: 0, forgotten: 0 };
  #lastUpdateAtMs: number | null = null;

  constructor(options: UpdateEngineOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? 100_000;
    this.#line = new UpdateLine(options, () => this.#look());
    this.#line.begin(this.#order, this.#life.signal);
    this.#alarm = new Alarm(options.clock, () => this.#fetchDue());
  }

  get stats(): UpdateEngineStats {
    return { ...this.#counts, ...this.#line.counts, paused: this.#plan.paused };
  }

  get lastUpdateAtMs(): number | null {
    return this.#lastUpdateAtMs;
  }

  /**
   * Keeps Telegram's present as the place to read on from, where none is kept: what comes between a login and the first
   * start is not lost then. Not while it runs.
   *
   * @throws {TelegraphistError} what Telegram or the database refuses
   */
  async keepPresent(signal: AbortSignal): Promise<void> {
    const { account, peers, states } = this.#options;
    if ((await states.load(account)) !== null) return;
    // They may be another person's.
    peers.forgetRecent();
    await this.#begin(await firstState(this.#options, { signal }));
  }

  /**
   * Learns the account's chats anew, and takes back what Telegram has never come to of the places to read on from: the next
   * start reads from the chats what was missed. Where there is no place, Telegram's present is kept; channels keep theirs.
   * Not while it runs.
   *
   * @throws {TelegraphistError} what Telegram or the database refuses
   */
  async resync(signal: AbortSignal): Promise<PlaceRepair> {
    const { account, peers, states } = this.#options;
    peers.forgetRecent();
    const present = await firstState(this.#options, { signal });
    const known = await states.load(account);
    const knownChannels = await states.loadChannels(account);
    if (known === null) {
      const unknown = [...present.channels].filter(([chatId]) => !knownChannels.has(chatId));
      await this.#begin({ ...present, channels: new Map(unknown) });
    }
    const correction = {
      account: known && correctedPlace(known, present.account),
      channels: correctedChannels(knownChannels, present.channels),
      forgotten: [],
    };
    const isRight = correction.account === null && correction.channels.size === 0;
    if (!isRight) await states.apply(account, correction);
    if (known === null) return "begun";
    return isRight ? "right" : "corrected";
  }

  /** Takes up what was kept. @throws {TelegraphistError} what the database refuses */
  async start(): Promise<void> {
    const { account, clock, states } = this.#options;
    await this.#line.empty();
    const [state, channels] = [await states.load(account), await states.loadChannels(account)];
    this.#life = new AbortController();
    this.#order = new UpdateOrder(state, channels);
    this.#line.begin(this.#order, this.#life.signal);
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
    if (this.#line.pushesWaiting >= this.#maxWaiting) this.#forgetPushes();
    const arrival: Arrival = { ...unpacked, name: container.className, receivedAtMs };
    this.#line.add({ from: unpacked, isPush: true, take: (order) => order.take(arrival), done: nothing });
  }

  /** Takes an event of the account's own, which goes in the same line, before the start too. */
  pushEvent(event: TelegraphistEvent): void {
    this.#line.add({ from: noPeers, isPush: false, take: () => [event], done: nothing });
  }

  /** A message could not even be read, or the server forgot what it owed: something may be missing. */
  suspect(reason: Extract<FetchReason, "unreadable" | "session">): void {
    this.#demand("account", reason);
  }

  /** Fetches all that was missed. Resolves when that is kept, or put off after a failure; never rejects. */
  async catchUp(reason: Extract<FetchReason, "start" | "reconnect">): Promise<void> {
    const nowMs = this.#options.clock.now();
    for (const target of ["account" as const, ...this.#order.channels]) {
      this.#plan.demand({ target, reason }, nowMs);
    }
    // A catching-up that was cut short is over.
    this.#caughtUp.resolve();
    this.#caughtUp = Promise.withResolvers();
    this.#fetchDue();
    await this.#caughtUp.promise;
  }

  /** Resolves when what came in before is through. */
  idle(): Promise<void> {
    return this.#line.empty();
  }

  /** Ends fetching; resolves when what came in before is through, or cannot be kept now. */
  async stop(): Promise<void> {
    this.#life.abort();
    this.#alarm.off();
    await Promise.all(this.#fetching);
    await this.#line.empty();
    this.#fetcher = null;
    this.#caughtUp.resolve();
  }

  /** Makes Telegram's present the place to read on from. */
  #begin({ account, channels }: FirstState): Promise<void> {
    const { date } = account;
    return this.#options.states.apply(this.#options.account, {
      account,
      channels: new Map(Array.from(channels, ([chatId, pts]) => [chatId, { pts, date }])),
      forgotten: [],
    });
  }

  get #selfId(): UserId | null {
    return this.#options.rpc.account.userId;
  }

  /** Has the line apply something that was fetched. */
  #apply(from: PeerContainer, take: (order: UpdateOrder) => readonly DueUpdate[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#line.add({ from, isPush: false, take, done: resolve });
    return promise;
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

  async #fetch(fetch: Fetch, fetcher: Fetcher): Promise<void> {
    const { target, reason } = fetch;
    const { account, clock, logger, random = Math.random } = this.#options;
    this.#counts.fetches += 1;
    instruments.updateFetches.add(1, { account, reason });
    try {
      const { isGone, pollAfterMs } = await fetcher.fetch(fetch);
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
    const waiting = this.#line.forgetPushes();
    this.#counts.forgotten += waiting;
    this.#options.logger.warn("Too many updates wait: they are fetched again", { waiting });
    for (const target of ["account" as const, ...this.#order.channels]) this.#demand(target, "overflow");
  }

  #noteSkip(target: Target): void {
    this.#counts.skips += 1;
    instruments.updateSkips.add(1, { account: this.#options.account, of: kindOf(target) });
    this.#options.logger.error("Too much was missed for Telegram to tell: some updates were passed over", {
      target: kindOf(target),
    });
  }
}

function kindOf(target: Target): "account" | "channel" {
  return target === "account" ? "account" : "channel";
}
