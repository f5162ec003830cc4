import { attributeNames, instruments, type Logger, span, spanNames } from "../../../telemetry/index.ts";
import {
  type AccountRef,
  type ChatId,
  type Clock,
  type FloodWaiting,
  parseEventId,
  TelegraphistError,
} from "../../contract/index.ts";
import type { Storage } from "../../storage/index.ts";
import { blocksOf, FloodTable, type FloodVerdict } from "./flood-table.ts";

export interface FloodGateOptions {
  readonly account: () => AccountRef;
  readonly waits: Storage["floodWaits"];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told once for each wait that Telegram names. */
  readonly onWaiting: (event: FloodWaiting) => void;
}

/** The bounds of the call that wants to pass. */
export interface Passage {
  readonly method: string;
  readonly chatId: ChatId | null;
  /** The call's end; a wait that reaches over it is refused at once. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Holds calls back for as long as Telegram said, each method for itself. What Telegram said is kept in the database, as
 * a restart does not end a wait.
 */
export class FloodGate {
  readonly #options: FloodGateOptions;
  readonly #table = new FloodTable();

  constructor(options: FloodGateOptions) {
    this.#options = options;
  }

  /** Takes up the waits of an earlier run. MUST resolve before the first call passes. */
  async load(): Promise<void> {
    const { waits, clock, account } = this.#options;
    await waits.prune(clock.now());
    for (const wait of await waits.list(account().name)) this.#table.add(wait);
  }

  /**
   * Resolves when the method may be called.
   *
   * @throws {TelegraphistError} `FLOOD_WAIT` when the wait does not fit the call's time, `PEER_FLOOD` when the account
   * may not write to people for now; `CANCELLED` codes when the signal is aborted
   */
  async pass(passage: Passage): Promise<void> {
    const { clock } = this.#options;
    const { method, chatId, deadlineMs, signal } = passage;
    for (;;) {
      const nowMs = clock.now();
      const verdict = this.#table.verdict(method, chatId, nowMs);
      if (verdict === null) return;
      const waitMs = verdict.untilMs - nowMs;
      if (verdict.kind === "blocked" || verdict.untilMs > deadlineMs) throw refusal(method, verdict, waitMs);
      await span(spanNames.floodWait, { attributes: this.#attributes(method, waitMs) }, () =>
        clock.sleep(waitMs, { signal }),
      );
    }
  }

  /** Learns from a failed call; errors that are no floods change nothing. */
  async learn(error: TelegraphistError, method: string, chatId: ChatId | null): Promise<void> {
    const { account, clock, logger, onWaiting, waits } = this.#options;
    const nowMs = clock.now();
    const blocks = blocksOf(error, method, chatId, nowMs);
    if (blocks.length === 0) return;
    this.#table.prune(nowMs);
    for (const block of blocks) this.#table.add(block);
    const longestMs = Math.max(...blocks.map((block) => block.untilMs - nowMs));
    logger.warn("Telegram told the account to wait", { method, code: error.code, waitMs: longestMs });
    if (error.category === "FLOOD_WAIT") {
      instruments.floodSeconds.add(longestMs / 1000, { method, account: account().name });
    }
    onWaiting({
      type: "flood.waiting",
      id: parseEventId(`${account().name}/flood.waiting/${method}/${chatId ?? ""}/${nowMs + longestMs}`),
      account: account(),
      atMs: nowMs,
      receivedAtMs: nowMs,
      method,
      chatId,
      waitMs: longestMs,
    });
    try {
      for (const block of blocks) await waits.put({ account: account().name, ...block });
    } catch (failure) {
      // What Telegram said holds until the next start all the same, and the caller has to learn that.
      logger.error("A flood wait could not be saved", { error: failure, method });
    }
  }

  #attributes(method: string, waitMs: number) {
    return {
      [attributeNames.rpcMethod]: method,
      [attributeNames.account]: this.#options.account().name,
      [attributeNames.waitMs]: waitMs,
    };
  }
}

function refusal(method: string, { kind }: FloodVerdict, waitMs: number): TelegraphistError {
  const seconds = Math.ceil(waitMs / 1000);
  return kind === "blocked"
    ? new TelegraphistError({
        code: "PEER_FLOOD",
        category: "FLOOD_BLOCK",
        message: `Cannot call "${method}" as Telegram took the account for a spammer: ${seconds} s left to rest`,
        data: { method, waitMs },
      })
    : new TelegraphistError({
        code: "FLOOD_WAIT",
        category: "FLOOD_WAIT",
        retryable: true,
        message: `Cannot call "${method}" in its time: Telegram wants ${seconds} s of waiting`,
        data: { method, waitMs },
      });
}
