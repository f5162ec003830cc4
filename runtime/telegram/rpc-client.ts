import { attributeNames, errorTypeOf, instruments, span, spanNames } from "../../telemetry/index.ts";
import {
  type AccountRef,
  type Clock,
  hasCode,
  TelegraphistError,
  toTelegraphistError,
} from "../contract/index.ts";
import { withDeadline } from "../scope/index.ts";
import { AnswerCount } from "./answer-count.ts";
import type { MtprotoConnection } from "./connection.ts";
import { migrationOf, waitMsOf } from "./errors.ts";
import type { QueuedCall } from "./flood/call-queue.ts";
import type { FloodGate } from "./flood/flood-gate.ts";
import type { Api } from "./gramjs.ts";
import { tlMethodName } from "./method-name.ts";
import { chatOfRequest } from "./requests/chat-of-request.ts";
import { isRepeatable, mayBeDone } from "./requests/repeatable.ts";
import { nextDelayMs } from "./retry-policy.ts";
import type { RpcOptions, RpcPort } from "./rpc-port.ts";

/** Where a call finds its connection; both wait for one within the signal's time. */
export interface ConnectionSource {
  useMain<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T>;
  /** Why there is no connection now; `null` while there is one. */
  offlineReason(): string | null;
  useOther<T>(
    dataCentreId: number,
    signal: AbortSignal,
    run: (connection: MtprotoConnection) => Promise<T>,
  ): Promise<T>;
}

export interface RpcClientOptions {
  readonly account: () => AccountRef;
  readonly dataCentreId: () => number;
  readonly connections: ConnectionSource;
  readonly gate: FloodGate;
  readonly clock: Clock;
  /**
   * Told every error that Telegram answered, once flood control knows of it, and before the call fails or is tried again; says whether the account moves for
   * it, so that the call finds its answer at the new home.
   */
  readonly onError: (error: TelegraphistError) => boolean;
  /** A number from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/** Makes a request once, on the call's own data centre or on the one that Telegram named instead. */
type Attempt<T> = (signal: AbortSignal, elsewhere: number | null) => Promise<T>;

const defaultTimeoutMs = 60_000;
/** Of the account, during one call; more would be in a circle. */
const maxMoves = 3;

/** One account's calls: each with a deadline, its flood waits, its retries, a span, and its figures. */
export class RpcClient implements RpcPort {
  readonly #options: RpcClientOptions;
  readonly #answers = new AnswerCount();

  constructor(options: RpcClientOptions) {
    this.#options = options;
  }

  /** Requests since the last one that Telegram answered, by an error or not. */
  get failuresInRow(): number {
    return this.#answers.failuresInRow;
  }

  get account(): AccountRef {
    return this.#options.account();
  }

  get dataCentreId(): number {
    return this.#options.dataCentreId();
  }

  invoke<R extends Api.AnyRequest>(request: R, options: RpcOptions = {}): Promise<R["__response"]> {
    const { connections } = this.#options;
    return this.#call(request, this.dataCentreId, options, (signal, elsewhere) =>
      elsewhere === null
        ? connections.useMain(signal, (connection) => connection.send(request, signal))
        : connections.useOther(elsewhere, signal, (connection) => connection.send(request, signal)),
    );
  }

  invokeOn<R extends Api.AnyRequest>(
    dataCentreId: number,
    request: R,
    options: RpcOptions = {},
  ): Promise<R["__response"]> {
    const { connections } = this.#options;
    return this.#call(request, dataCentreId, options, (signal, elsewhere) =>
      connections.useOther(elsewhere ?? dataCentreId, signal, (connection) =>
        connection.send(request, signal),
      ),
    );
  }

  #call<T>(
    request: Api.AnyRequest,
    dataCentreId: number,
    options: RpcOptions,
    attempt: Attempt<T>,
  ): Promise<T> {
    const method = tlMethodName(request.className);
    const { timeoutMs = defaultTimeoutMs, signal } = options;
    const attributes = {
      [attributeNames.rpcSystem]: "mtproto",
      [attributeNames.rpcMethod]: method,
      [attributeNames.account]: this.account.name,
      [attributeNames.dataCentre]: dataCentreId,
    };
    const sinceMs = this.#options.clock.now();
    const call = {
      method,
      chatId: options.chatId ?? chatOfRequest(request),
      priority: options.priority ?? "normal",
      sinceMs,
      deadlineMs: sinceMs + timeoutMs,
    };
    const isRepeated = options.repeatable ?? isRepeatable(method, request);
    return span(spanNames.rpc, { kind: "client", attributes }, async () => {
      try {
        return await withDeadline((inner) => this.#persist({ ...call, signal: inner }, isRepeated, attempt), {
          timeoutMs,
          signal,
          clock: this.#options.clock,
          onTimeout: () =>
            timeoutOf(method, timeoutMs, this.account, this.#options.connections.offlineReason()),
        });
      } catch (error) {
        instruments.rpcErrors.add(1, { method, error: errorTypeOf(error) });
        throw hasCode(error, "CANCELLED") ? cancelledCall(method, error) : error;
      }
    });
  }

  /** Makes the call until it succeeds, its category's retries are used up, or the signal ends it. */
  async #persist<T>(call: QueuedCall, isRepeated: boolean, attempt: Attempt<T>): Promise<T> {
    const { clock, gate, random = Math.random } = this.#options;
    const { method, signal } = call;
    let elsewhere: number | null = null;
    let moves = 0;
    for (let failures = 1; ; ) {
      await gate.pass(call);
      const startedAt = performance.now();
      try {
        const answer = await attempt(signal, elsewhere);
        this.#answers.answered();
        instruments.rpcLatency.record(performance.now() - startedAt, { method, account: this.account.name });
        return answer;
      } catch (thrown) {
        const error = failureOf(method, signal.aborted ? signal.reason : thrown);
        this.#answers.failed(error);
        signal.throwIfAborted();
        await gate.learn(error, call);
        const hasMoved = this.#options.onError(error);
        if (hasMoved && moves < maxMoves) {
          moves += 1;
          continue;
        }
        // The gate knows the wait now, and lets the call pass after it or refuses.
        if (waitMsOf(error) !== null) continue;
        if (elsewhere === null && hasCode(error, "STATS_MIGRATE")) {
          elsewhere = migrationOf(error);
          continue;
        }
        const delayMs = nextDelayMs(failures, error, random());
        if (delayMs === null || (mayBeDone(error) && !isRepeated)) throw error;
        failures += 1;
        await clock.sleep(delayMs, { signal });
      }
    }
  }
}

function failureOf(method: string, thrown: unknown): TelegraphistError {
  return toTelegraphistError(thrown, {
    code: "RPC_FAILED",
    category: "INTERNAL",
    action: `Cannot call "${method}"`,
  });
}

function timeoutOf(
  method: string,
  timeoutMs: number,
  account: AccountRef,
  offlineReason: string | null,
): TelegraphistError {
  if (offlineReason !== null) {
    return new TelegraphistError({
      code: "ACCOUNT_OFFLINE",
      category: "NETWORK",
      retryable: true,
      message: `Cannot call "${method}" as the account "${account.name}" is offline: ${offlineReason}`,
      data: { method, timeoutMs },
    });
  }
  return new TelegraphistError({
    code: "CALL_TIMEOUT",
    category: "CANCELLED",
    retryable: true,
    message: `Cannot call "${method}" for the account "${account.name}": no answer in ${timeoutMs} ms`,
    data: { method, timeoutMs },
  });
}

function cancelledCall(method: string, cause: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "CALL_CANCELLED",
    category: "CANCELLED",
    message: `Cannot finish "${method}": the call was cancelled`,
    data: { method },
    cause,
  });
}
