import { type CallOptions, type CallPriority, type ChatId, TelegraphistError } from "../../contract/index.ts";
import type { RpcOptions } from "../rpc-port.ts";
import { invalidCall } from "./invalid-call.ts";

const defaultTimeoutMs = 60_000;
const longestTimeoutMs = 3_600_000;
const priorities: readonly (CallPriority | undefined)[] = ["interactive", "normal", "background", undefined];

/** The time of one call of a plugin, from which each of its requests takes what is left. */
export class CallTime {
  readonly signal: AbortSignal | undefined;
  readonly #priority: CallPriority | undefined;
  readonly #now: () => number;
  readonly #deadlineMs: number;
  readonly #timeoutMs: number;

  /**
   * @param now milliseconds since 1970
   * @param fallbackMs the time of a call that names none. @default 60_000
   * @throws {TelegraphistError} `CALL_INVALID` when `timeoutMs` is out of range, or `priority` is none
   */
  constructor(options: CallOptions, now: () => number, fallbackMs = defaultTimeoutMs) {
    const { signal, priority, timeoutMs = fallbackMs } = options;
    if (!(timeoutMs >= 1 && timeoutMs <= longestTimeoutMs)) {
      throw invalidCall(
        `Cannot make the call as "timeoutMs" must be 1 to ${longestTimeoutMs}: received ${timeoutMs}`,
      );
    }
    if (!priorities.includes(priority)) {
      throw invalidCall(
        `Cannot make the call as "priority" must be "interactive", "normal", or "background": received ${JSON.stringify(priority)}`,
      );
    }
    this.signal = signal;
    this.#priority = priority;
    this.#now = now;
    this.#timeoutMs = timeoutMs;
    this.#deadlineMs = now() + timeoutMs;
  }

  /**
   * Options for the next request.
   *
   * @param chatId the chat that Telegram may count a limit for
   * @throws {TelegraphistError} `CALL_TIMEOUT` when no time is left, `CALL_CANCELLED` when the signal is aborted
   */
  rpc(chatId?: ChatId): RpcOptions {
    this.check();
    return {
      timeoutMs: this.#deadlineMs - this.#now(),
      ...(this.signal !== undefined && { signal: this.signal }),
      ...(this.#priority !== undefined && { priority: this.#priority }),
      ...(chatId !== undefined && { chatId }),
    };
  }

  /** @throws {TelegraphistError} `CALL_TIMEOUT` or `CALL_CANCELLED` when the call may not go on */
  check(): void {
    if (this.signal?.aborted === true) {
      throw new TelegraphistError({
        code: "CALL_CANCELLED",
        category: "CANCELLED",
        message: "Cannot finish the call: its signal was aborted",
        cause: this.signal.reason,
      });
    }
    if (this.#now() >= this.#deadlineMs) {
      throw new TelegraphistError({
        code: "CALL_TIMEOUT",
        category: "CANCELLED",
        message: `Cannot finish the call: its ${this.#timeoutMs} ms are over`,
        retryable: true,
      });
    }
  }
}
