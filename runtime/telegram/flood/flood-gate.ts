import { attributeNames, instruments, type Logger, span, spanNames } from "../../../telemetry/index.ts";
import {
  type AccountRef,
  type AccountRestricted,
  type ChatId,
  type Clock,
  type FloodWaiting,
  parseEventId,
  type TelegraphistError,
} from "../../contract/index.ts";
import type { Storage } from "../../storage/index.ts";
import { budgetRuleOf } from "./budget-rules.ts";
import { CallQueue, floodWait, type QueuedCall } from "./call-queue.ts";
import { Correspondents } from "./correspondents.ts";
import { blocksOf, type FloodBlock, type FloodCall, FloodTable, isRestriction } from "./flood-table.ts";
import { accountFrozen, type Freeze, restricted, restrictionHint } from "./restriction.ts";

export interface FloodGateOptions {
  readonly account: () => AccountRef;
  readonly waits: Storage["floodWaits"];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told once for each wait that Telegram names, and for each restriction. */
  readonly onEvent: (event: FloodWaiting | AccountRestricted) => void;
  /** Asks Telegram whether the person of a private chat has ever written there. @default nobody has */
  readonly hasWritten?: (chatId: ChatId, signal: AbortSignal) => Promise<boolean>;
}

/** What Telegram does not want called yet. */
export interface AccountWait {
  /** A method, a group of methods, or what a restriction forbids: `unsolicited` or `writes`. */
  readonly method: string;
  readonly untilMs: number;
  /** Whether the account is flagged or frozen, so that a person has to look at it. */
  readonly isRestriction: boolean;
}

/**
 * Holds calls back: for as long as Telegram said, each method for itself; at a pace that makes such waits rare; and
 * altogether when Telegram flagged or froze the account. What Telegram said is kept in the database, as a restart does
 * not end it.
 */
export class FloodGate {
  readonly #options: FloodGateOptions;
  readonly #table = new FloodTable();
  readonly #queues = new Map<string, CallQueue>();
  readonly #correspondents: Correspondents;

  constructor(options: FloodGateOptions) {
    this.#options = options;
    this.#correspondents = new Correspondents(options.hasWritten ?? (async () => false), options.clock);
  }

  /** Calls that wait for their turn. */
  get callsWaiting(): number {
    let sum = 0;
    for (const queue of this.#queues.values()) sum += queue.waiting;
    return sum;
  }

  /** What holds now: restrictions first, then what holds longest. */
  waits(): readonly AccountWait[] {
    return this.#table
      .list(this.#options.clock.now())
      .map((wait) => ({ ...wait, isRestriction: isRestriction(wait.method) }))
      .toSorted((a, b) => Number(b.isRestriction) - Number(a.isRestriction) || b.untilMs - a.untilMs);
  }

  /** Why nothing may be changed, when Telegram has frozen the account; else `null`. */
  frozen(): Freeze | null {
    const block = this.#table.list(this.#options.clock.now()).find(({ method }) => method === "writes");
    return block === undefined ? null : accountFrozen(block.untilMs);
  }

  /** Takes up the waits of an earlier run. MUST resolve before the first call passes. */
  async load(): Promise<void> {
    const { waits, clock, account, logger } = this.#options;
    const nowMs = clock.now();
    await waits.prune(nowMs);
    for (const wait of await waits.list(account().name)) {
      this.#table.add(wait, nowMs);
      if (isRestriction(wait.method) && wait.chatId === null) {
        logger.error(restrictionHint[wait.method], { untilMs: wait.untilMs });
      }
    }
  }

  /** Forgets what Telegram said of a person whose account this was; it does not hold for another. */
  async forget(): Promise<void> {
    this.#table.clear();
    await this.#options.waits.clear(this.#options.account().name);
  }

  /**
   * Resolves when the method may be called.
   *
   * @throws {TelegraphistError} `FLOOD_WAIT` or `RPC_BUDGET_SPENT` when the wait does not fit the call's time,
   * `RPC_QUEUE_FULL` when too many wait, `PEER_FLOOD` or `FROZEN_METHOD_INVALID` when the account may not do it for now;
   * `CANCELLED` when the signal is aborted
   */
  async pass(call: QueuedCall): Promise<void> {
    await this.#requireUnrestricted(call);
    const turn = this.#queueOf(call.method).enter(call);
    if (turn === null) return;
    await this.#trace(call, turn);
    // The account may have been flagged or frozen meanwhile.
    await this.#requireUnrestricted(call);
  }

  /** Of a method that nobody waits with. @throws {TelegraphistError} `FLOOD_WAIT` until the time that Telegram named */
  requireFree(method: string): void {
    const leftMs = this.#table.waitUntilMs({ method, chatId: null }) - this.#options.clock.now();
    if (leftMs > 0) throw floodWait(method, Math.ceil(leftMs));
  }

  /** Learns from a failed call; errors that are no floods change nothing. */
  async learn(error: TelegraphistError, call: FloodCall): Promise<void> {
    const { account, clock, logger, waits } = this.#options;
    const { method } = call;
    const nowMs = clock.now();
    const [first, ...more] = blocksOf(error, call, nowMs);
    if (first === undefined) return;
    this.#table.prune(nowMs);
    const isNew = this.#table.add(first, nowMs);
    for (const block of more) this.#table.add(block, nowMs);
    const queue = this.#queueOf(method);
    // The waits of slow mode and of an account without Premium say nothing about how fast others may go.
    if (isNew && error.code === "FLOOD_WAIT") queue.slow(nowMs, first.untilMs);
    queue.review();
    if (isNew) this.#tell(error, call, first, nowMs);
    try {
      for (const block of [first, ...more]) await waits.put({ account: account().name, ...block });
    } catch (failure) {
      // What Telegram said holds until the next start all the same, and the caller has to learn that.
      logger.error("A flood wait could not be saved", { error: failure, method });
    }
  }

  async #requireUnrestricted({ method, chatId, signal }: QueuedCall): Promise<void> {
    const { account, clock } = this.#options;
    const nowMs = clock.now();
    const verdict = this.#table.restriction({ method, chatId }, nowMs);
    if (verdict === null) return;
    if (verdict.sparesAnswers && chatId !== null) {
      if (chatId === String(account().userId)) return;
      if (await this.#correspondents.hasWritten(chatId, signal)) return;
    }
    throw restricted(verdict.restriction, method, verdict.untilMs - nowMs);
  }

  #queueOf(method: string): CallQueue {
    const { account, clock } = this.#options;
    const rule = budgetRuleOf(method);
    const known = this.#queues.get(rule.name);
    if (known !== undefined) return known;
    const heldUntilMs = (call: QueuedCall) => this.#table.waitUntilMs(call);
    const queue = new CallQueue({ account: account().name, rule, clock, heldUntilMs });
    this.#queues.set(rule.name, queue);
    return queue;
  }

  #tell(error: TelegraphistError, { method, chatId }: FloodCall, block: FloodBlock, nowMs: number): void {
    const { account, logger, onEvent } = this.#options;
    const { untilMs } = block;
    const waitMs = untilMs - nowMs;
    const base = { account: account(), atMs: nowMs, receivedAtMs: nowMs };
    if (isRestriction(block.method)) {
      const restriction = block.method;
      const id = parseEventId(`${account().name}/account.restricted/${restriction}/${untilMs}`);
      logger.error(restrictionHint[restriction], { method, code: error.code, waitMs });
      onEvent({ ...base, type: "account.restricted", id, restriction, untilMs, error: error.toJSON() });
      return;
    }
    const id = parseEventId(`${account().name}/flood.waiting/${method}/${chatId ?? ""}/${untilMs}`);
    logger.warn("Telegram told the account to wait", { method, code: error.code, waitMs });
    instruments.floodSeconds.add(waitMs / 1000, { method, account: account().name });
    onEvent({ ...base, type: "flood.waiting", id, method, chatId, waitMs });
  }

  #trace({ method, priority }: QueuedCall, turn: Promise<void>): Promise<void> {
    const { account, clock } = this.#options;
    const attributes = {
      [attributeNames.rpcMethod]: method,
      [attributeNames.account]: account().name,
      [attributeNames.priority]: priority,
    };
    const startedAtMs = clock.now();
    return span(spanNames.floodWait, { attributes }, async (active) => {
      await turn;
      active.set({ [attributeNames.waitMs]: clock.now() - startedAtMs });
    });
  }
}
