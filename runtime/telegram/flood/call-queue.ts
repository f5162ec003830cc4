import { instruments } from "../../../telemetry/index.ts";
import { type CallPriority, type ChatId, type Clock, TelegraphistError } from "../../contract/index.ts";
import { cancelled } from "../../scope/index.ts";
import type { BudgetRule } from "./budget-rules.ts";
import { CallBudget } from "./call-budget.ts";
import { CallLine } from "./call-line.ts";

/** A call that wants to go. */
export interface QueuedCall {
  readonly method: string;
  readonly chatId: ChatId | null;
  readonly priority: CallPriority;
  /** When it was made; a call that comes a second time keeps its place. */
  readonly sinceMs: number;
  /** Its end; a wait that reaches over it is refused at once. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface CallQueueOptions {
  readonly account: string;
  readonly rule: BudgetRule;
  readonly clock: Clock;
  /** The end of what Telegram wants the call to wait. */
  readonly heldUntilMs: (call: QueuedCall, nowMs: number) => number;
  /** Calls that may wait. @default 1_000 */
  readonly capacity?: number;
}

interface Waiter {
  readonly call: QueuedCall;
  readonly go: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Looks again after this long in any case, as the machine's clock may have been set. */
const longestNapMs = 60_000;
const mostChats = 1_000;

/**
 * The calls that draw from one budget, each held until Telegram's waits for it are over and the budget has room. What
 * cannot go in its time is refused at once, so that nobody waits in vain.
 */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #budget: CallBudget;
  readonly #chats = new Map<ChatId, CallBudget>();
  readonly #line: CallLine<Waiter>;
  readonly #capacity: number;
  #nap: AbortController | null = null;
  #isServing = false;

  constructor(options: CallQueueOptions) {
    this.#options = options;
    this.#budget = new CallBudget(options.rule);
    this.#capacity = options.capacity ?? 1_000;
    this.#line = new CallLine(this.#capacity);
  }

  get waiting(): number {
    return this.#line.size;
  }

  /**
   * Lets a call go, or makes it wait for its turn.
   *
   * @returns `null` when it may go now, else what resolves when it may
   * @throws {TelegraphistError} `FLOOD_WAIT`, `RPC_BUDGET_SPENT` when it cannot go in its time, `RPC_QUEUE_FULL`;
   * `CANCELLED` when its signal is aborted
   */
  enter(call: QueuedCall): Promise<void> | null {
    const nowMs = this.#options.clock.now();
    this.#requireTime(call, nowMs, this.#line.ahead(call.priority, call.sinceMs));
    if (this.#line.size === 0 && this.#readyAtMs(call, nowMs) <= nowMs) {
      this.#take(call, nowMs);
      return null;
    }
    return this.#wait(call);
  }

  /** Learns that Telegram wanted a wait: the pace is slower for a while. */
  slow(nowMs: number, untilMs: number): void {
    this.#budget.slow(nowMs, untilMs);
  }

  /** Refuses those that a new wait has left without a chance. */
  review(): void {
    const nowMs = this.#options.clock.now();
    for (const waiter of this.#line.calls) this.#isHopeless(waiter, nowMs);
    this.#wake();
  }

  async #wait(call: QueuedCall): Promise<void> {
    const { account, clock } = this.#options;
    const { priority, method } = call;
    const { promise, resolve: go, reject: refuse } = Promise.withResolvers<void>();
    const waiter: Waiter = { call, go, refuse };
    const onAbort = () => {
      if (this.#line.remove(waiter)) refuse(cancelled(`the wait for "${method}"`, call.signal.reason));
    };
    const startedAtMs = clock.now();
    if (call.signal.aborted) throw cancelled(`the wait for "${method}"`, call.signal.reason);
    call.signal.addEventListener("abort", onAbort, { once: true });
    instruments.rpcWaiting.add(1, { account, priority });
    const last = this.#line.add(waiter, priority, call.sinceMs);
    last?.refuse(this.#queueFull(last.call.method, startedAtMs));
    this.#wake();
    try {
      await promise;
    } finally {
      call.signal.removeEventListener("abort", onAbort);
      instruments.rpcWaiting.add(-1, { account, priority });
      instruments.rpcWait.record(clock.now() - startedAtMs, { account, method, priority });
    }
  }

  #wake(): void {
    if (this.#isServing) this.#nap?.abort();
    else void this.#serve();
  }

  /** Lets calls go until none waits; one loop for all of them. */
  async #serve(): Promise<void> {
    const { clock } = this.#options;
    this.#isServing = true;
    for (;;) {
      const nowMs = clock.now();
      const wakeAtMs = this.#release(nowMs);
      if (this.#line.size === 0) break;
      await this.#rest(Math.min(wakeAtMs - nowMs, longestNapMs));
    }
    this.#isServing = false;
  }

  async #rest(durationMs: number): Promise<void> {
    const nap = new AbortController();
    this.#nap = nap;
    try {
      await this.#options.clock.sleep(durationMs, { signal: nap.signal });
    } catch (error) {
      // A nap is cut short when there is something new to look at.
      if (!nap.signal.aborted) throw error;
    }
  }

  /** Lets go what may go. @returns when to look again */
  #release(nowMs: number): number {
    let wakeAtMs = Number.POSITIVE_INFINITY;
    for (const waiter of this.#line.calls) {
      const budgetAtMs = this.#budget.readyAtMs(nowMs);
      if (budgetAtMs > nowMs) return budgetAtMs;
      if (this.#isHopeless(waiter, nowMs)) continue;
      const readyAtMs = this.#readyAtMs(waiter.call, nowMs);
      if (readyAtMs > nowMs) {
        wakeAtMs = Math.min(wakeAtMs, readyAtMs);
        continue;
      }
      this.#take(waiter.call, nowMs);
      this.#line.remove(waiter);
      waiter.go();
    }
    return wakeAtMs;
  }

  /** Refuses a call that has no time left to wait in. @returns whether it did */
  #isHopeless(waiter: Waiter, nowMs: number): boolean {
    try {
      this.#requireTime(waiter.call, nowMs, 0);
      return false;
    } catch (error) {
      this.#line.remove(waiter);
      waiter.refuse(error);
      return true;
    }
  }

  #requireTime(call: QueuedCall, nowMs: number, ahead: number): void {
    const { method, deadlineMs } = call;
    const heldUntilMs = this.#options.heldUntilMs(call, nowMs);
    if (heldUntilMs > deadlineMs) throw floodWait(method, Math.ceil(heldUntilMs - nowMs));
    const turnAtMs = this.#paceAtMs(call, nowMs) + ahead * this.#budget.intervalMs(nowMs);
    if (turnAtMs > deadlineMs) throw budgetSpent(method, Math.ceil(turnAtMs - nowMs));
  }

  #readyAtMs(call: QueuedCall, nowMs: number): number {
    return Math.max(this.#options.heldUntilMs(call, nowMs), this.#paceAtMs(call, nowMs));
  }

  #paceAtMs({ chatId }: QueuedCall, nowMs: number): number {
    const chat = chatId === null ? undefined : this.#chats.get(chatId);
    return Math.max(this.#budget.readyAtMs(nowMs), chat?.readyAtMs(nowMs) ?? 0);
  }

  #take({ chatId }: QueuedCall, nowMs: number): void {
    const { perChat } = this.#options.rule;
    this.#budget.take(nowMs);
    if (perChat === undefined || chatId === null) return;
    if (this.#chats.size >= mostChats) this.#forgetChats(nowMs);
    const chat = this.#chats.get(chatId) ?? new CallBudget(perChat);
    this.#chats.set(chatId, chat);
    chat.take(nowMs);
  }

  #queueFull(method: string, nowMs: number): TelegraphistError {
    const waitMs = Math.ceil(this.#capacity * this.#budget.intervalMs(nowMs));
    return new TelegraphistError({
      code: "RPC_QUEUE_FULL",
      category: "FLOOD_WAIT",
      retryable: true,
      message: `Cannot call "${method}" as ${this.#capacity} calls wait for their turn already: let some end before making more`,
      data: { method, waitMs },
    });
  }

  #forgetChats(nowMs: number): void {
    for (const [chatId, budget] of this.#chats) if (budget.isFresh(nowMs)) this.#chats.delete(chatId);
  }
}

/** The error of a call that comes before the time that Telegram named. */
export function floodWait(method: string, waitMs: number): TelegraphistError {
  return new TelegraphistError({
    code: "FLOOD_WAIT",
    category: "FLOOD_WAIT",
    retryable: true,
    message: `Cannot call "${method}" in its time as Telegram wants ${Math.ceil(waitMs / 1000)} s of waiting: try again then`,
    data: { method, waitMs },
  });
}

function budgetSpent(method: string, waitMs: number): TelegraphistError {
  const seconds = Math.ceil(waitMs / 1000);
  return new TelegraphistError({
    code: "RPC_BUDGET_SPENT",
    category: "FLOOD_WAIT",
    retryable: true,
    message: `Cannot call "${method}" in its time as the account's pace allows it in ${seconds} s: make fewer calls, or give them more time by "timeoutMs"`,
    data: { method, waitMs },
  });
}
