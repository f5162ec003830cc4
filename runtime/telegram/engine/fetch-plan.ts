import { delayMs, type RetryPolicy } from "../retry-policy.ts";
import type { Target } from "./numbering.ts";

/** Why a difference is asked for. */
export type FetchReason =
  | "start"
  | "reconnect"
  | "session"
  | "gap"
  | "announced"
  | "silence"
  | "unreadable"
  | "overflow";

export interface Fetch {
  readonly target: Target;
  readonly reason: FetchReason;
}

interface Entry {
  /** When to ask next. */
  dueAtMs: number;
  reason: FetchReason;
  isRunning: boolean;
  /** Why it has to be asked once more when the present answer is there. */
  again: FetchReason | null;
  /** Part of a catching-up that is not over. */
  isAwaited: boolean;
  failures: number;
}

/** How long an update that is missing may come by itself; core.telegram.org/api/updates. */
const gapMs = 500;
/** After so long without an update, one may have been lost; core.telegram.org/api/updates. */
const silenceMs = 15 * 60_000;
/** Channels asked at the same time. */
const channelsAtOnce = 4;

const failurePolicy: RetryPolicy = {
  maxRetries: Number.POSITIVE_INFINITY,
  firstDelayMs: 1_000,
  backoffFactor: 2,
  maxDelayMs: 10 * 60_000,
  jitter: 0.3,
};

/** When to ask for which difference. A target that fails waits alone, longer each time. */
export class FetchPlan {
  readonly #entries = new Map<Target, Entry>();

  /** Whether a catching-up is still on: something of it was neither fetched nor put off after a failure. */
  get isCatchingUp(): boolean {
    return this.#entries.values().some(({ isAwaited }) => isAwaited);
  }

  /** How many targets wait after a failure. */
  get paused(): number {
    return this.#entries.values().reduce((sum, { failures }) => sum + (failures > 0 ? 1 : 0), 0);
  }

  /** Nothing is missing: the next fetch is due when there was silence for too long. */
  whole(target: Target, nowMs: number): void {
    const entry = this.#entry(target, nowMs);
    // What was asked for in so many words is fetched all the same.
    if (entry.isRunning || entry.failures > 0 || isUrgent(entry)) return;
    entry.dueAtMs = nowMs + silenceMs;
    entry.reason = "silence";
  }

  /** Something is missing that may come by itself. */
  gap(target: Target, nowMs: number): void {
    const entry = this.#entry(target, nowMs);
    if (entry.isRunning || entry.failures > 0 || entry.reason !== "silence") return;
    entry.dueAtMs = nowMs + gapMs;
    entry.reason = "gap";
  }

  /** Has a difference fetched as soon as may be. */
  demand({ target, reason }: Fetch, nowMs: number): void {
    const entry = this.#entry(target, nowMs);
    if (reason === "start" || reason === "reconnect") entry.isAwaited = true;
    if (entry.isRunning) {
      entry.again ??= reason;
      return;
    }
    entry.reason = reason;
    // A new connection is worth a new try; anything else waits for the end of the pause.
    if (entry.failures === 0 || entry.isAwaited) entry.dueAtMs = nowMs;
  }

  /** What is to be fetched now; the caller MUST tell of each by `done` or `failed`. */
  begin(nowMs: number): readonly Fetch[] {
    const entries = [...this.#entries].filter(([, { isRunning }]) => !isRunning);
    const due = entries
      .filter(([, { dueAtMs }]) => dueAtMs <= nowMs)
      .sort(([, a], [, b]) => a.dueAtMs - b.dueAtMs);
    let free = channelsAtOnce - this.#runningChannels();
    const begun: Fetch[] = [];
    for (const [target, entry] of due) {
      if (target !== "account" && free-- <= 0) continue;
      entry.isRunning = true;
      begun.push({ target, reason: entry.reason });
    }
    return begun;
  }

  /**
   * @param pollAfterMs how long Telegram wants to be left alone at least; a shorter time than that of silence is meant for
   * a chat that someone looks at, and is not used
   */
  done(target: Target, nowMs: number, pollAfterMs: number | null = null): void {
    const entry = this.#ended(target, nowMs);
    entry.failures = 0;
    if (entry.again !== null) {
      entry.dueAtMs = nowMs;
      entry.reason = entry.again;
      entry.again = null;
      return;
    }
    entry.isAwaited = false;
    entry.dueAtMs = nowMs + Math.max(silenceMs, pollAfterMs ?? 0);
    entry.reason = "silence";
  }

  /** @param random a number from 0 up to 1 */
  failed(target: Target, nowMs: number, random: number): void {
    const entry = this.#ended(target, nowMs);
    const { again } = entry;
    entry.again = null;
    if (again !== null && entry.isAwaited) {
      // It was asked over a connection that is gone, and there is another.
      entry.reason = again;
      entry.dueAtMs = nowMs;
      return;
    }
    entry.failures += 1;
    entry.isAwaited = false;
    entry.dueAtMs = nowMs + (delayMs(failurePolicy, entry.failures, random) ?? 0);
  }

  forget(target: Target): void {
    this.#entries.delete(target);
  }

  /** When `begin` has something to give next; `null` when that waits for an answer. */
  nextWakeAt(): number | null {
    const channelsAreFull = this.#runningChannels() >= channelsAtOnce;
    let next: number | null = null;
    for (const [target, { isRunning, dueAtMs }] of this.#entries) {
      if (isRunning || (channelsAreFull && target !== "account")) continue;
      if (next === null || dueAtMs < next) next = dueAtMs;
    }
    return next;
  }

  #ended(target: Target, nowMs: number): Entry {
    const entry = this.#entry(target, nowMs);
    entry.isRunning = false;
    return entry;
  }

  #runningChannels(): number {
    let running = 0;
    for (const [target, { isRunning }] of this.#entries) if (isRunning && target !== "account") running += 1;
    return running;
  }

  #entry(target: Target, nowMs: number): Entry {
    const known = this.#entries.get(target);
    if (known !== undefined) return known;
    const entry: Entry = {
      dueAtMs: nowMs + silenceMs,
      reason: "silence",
      isRunning: false,
      again: null,
      isAwaited: false,
      failures: 0,
    };
    this.#entries.set(target, entry);
    return entry;
  }
}

function isUrgent({ reason }: Entry): boolean {
  return reason !== "silence" && reason !== "gap";
}
