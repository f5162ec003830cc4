import { type TelegraphistError, toTelegraphistError } from "../contract/index.ts";
import { cancelled } from "../scope/index.ts";
import { Credit } from "./credit.ts";
import { errorFromRecord, errorRecordOf } from "./error-record.ts";
import { encodeFrame, type Frame, type FrameBounds, FrameReader } from "./frame.ts";
import { type ByteSink, FrameWriter } from "./frame-writer.ts";
import { IncomingCall } from "./incoming-call.ts";
import { type Message, readMessage } from "./message.ts";
import { wireError } from "./wire-error.ts";

/** Calls that a plugin's process and the host may each have unanswered at the other. */
export const maxCalls = 256;

/** What a call is answered with. */
export interface Reply {
  /** JSON; `null` and nothing are the same. */
  readonly value?: unknown;
  readonly attachment?: Uint8Array | null;
}

export interface OutgoingCallOptions {
  readonly attachment?: Uint8Array | undefined;
  /** Tells the other side to end the call, whose answer is waited for all the same. */
  readonly signal?: AbortSignal | undefined;
  /** The other side's call in which this one is made. */
  readonly within?: number | undefined;
  readonly onProgress?: ((value: unknown) => void) | undefined;
  /** Is told the number of the call before it is sent. */
  readonly onId?: (id: number) => void;
}

export interface ConnectionOptions {
  readonly input: ReadableStream<Uint8Array>;
  readonly output: ByteSink;
  /** Bounds on the frames of the other side. */
  readonly accepts: FrameBounds;
  /** Bounds that the other side puts on frames. */
  readonly sends: FrameBounds;
  /** Calls that either side may have unanswered at the other. */
  readonly maxCalls: number;
  /** Nothing is read while more than this is waiting to be sent. @default unbounded */
  readonly maxQueuedBytes?: number;
  /** Memory that the other side's unanswered calls may take, as `Frame.heldBytes`. @default unbounded */
  readonly maxHeldBytes?: number;
  readonly serve: (call: IncomingCall) => Promise<Reply> | Reply;
  /** What it throws ends the connection. */
  readonly onTold: (topic: string, value: unknown) => void;
}

interface PendingCall {
  readonly resolve: (reply: Required<Reply>) => void;
  readonly reject: (error: TelegraphistError) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/**
 * Calls in both directions over one pair of pipes, any number under way at once up to a bound. The other side is not
 * trusted: whatever it does beyond the protocol ends the connection.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #writer: FrameWriter;
  readonly #credit: Credit;
  readonly #pending = new Map<number, PendingCall>();
  readonly #served = new Map<number, IncomingCall>();
  readonly #ended = Promise.withResolvers<TelegraphistError>();
  #end: TelegraphistError | null = null;
  #lastId = 0;
  #lastServedId = 0;
  #cancels = 0;
  #heldBytes = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#credit = new Credit(options.maxCalls);
    this.#writer = new FrameWriter(options.output, (error) => this.end(closed(error)));
    void this.#read();
  }

  /** Resolves with the reason when the connection has ended: `WIRE_CLOSED`, or what the other side did. */
  get ended(): Promise<TelegraphistError> {
    return this.#ended.promise;
  }

  /** Why it ended; `null` while it has not. */
  get endReason(): TelegraphistError | null {
    return this.#end;
  }

  /**
   * @throws {TelegraphistError} what the other side failed with, why the connection ended, or `WIRE_TOO_LARGE`
   */
  async call(
    method: string,
    params: readonly unknown[],
    { attachment, signal, within, onProgress, onId }: OutgoingCallOptions = {},
  ): Promise<Required<Reply>> {
    if (signal?.aborted) throw cancelled(method, signal.reason);
    if (!this.#credit.tryTake()) await this.#credit.take(signal);
    const id = this.#lastId + 1;
    const progress = onProgress === undefined ? undefined : true;
    try {
      if (this.#end !== null) throw this.#end;
      const message = { type: "call", id, method, params, within, progress };
      this.#writer.write(encodeFrame(message, attachment, this.#options.sends));
    } catch (error) {
      this.#credit.give();
      throw error;
    }
    this.#lastId = id;
    onId?.(id);
    const { promise, resolve, reject } = Promise.withResolvers<Required<Reply>>();
    this.#pending.set(id, { resolve, reject, onProgress });
    if (signal === undefined) return promise;
    const onAbort = (): void => this.cancel(id);
    signal.addEventListener("abort", onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** Tells the other side to end a call; nothing happens when it is answered. */
  cancel(id: number): void {
    if (this.#pending.has(id)) this.#send({ type: "cancel", id });
  }

  /** Says something that is not answered. */
  tell(topic: string, value: unknown): void {
    this.#send({ type: "tell", topic, value });
  }

  /** Resolves when all that was sent is in the pipe, or nothing can be. */
  drained(): Promise<void> {
    return this.#writer.drained();
  }

  /** Fails what waits for an answer and ends what is being answered; a second call does nothing. */
  end(error: TelegraphistError): void {
    if (this.#end !== null) return;
    this.#end = error;
    for (const { reject } of this.#pending.values()) {
      reject(error);
      this.#credit.give();
    }
    this.#pending.clear();
    for (const call of this.#served.values()) call.abort(error);
    this.#served.clear();
    this.#ended.resolve(error);
  }

  async #read(): Promise<void> {
    const { input, accepts, maxQueuedBytes = Number.POSITIVE_INFINITY } = this.#options;
    const frames = new FrameReader(accepts);
    try {
      for await (const chunk of input) {
        for (const frame of frames.read(chunk)) this.#take(frame);
        if (this.#end !== null) return;
        if (this.#writer.queuedBytes > maxQueuedBytes) await this.#writer.drained();
      }
      this.end(closed());
    } catch (error) {
      this.end(
        toTelegraphistError(error, { code: "WIRE_CLOSED", category: "PLUGIN", action: "Cannot read on" }),
      );
    }
  }

  #take(frame: Frame): void {
    if (this.#end !== null) return;
    const message = readMessage(frame.message);
    const { attachment } = frame;
    switch (message.type) {
      case "call":
        this.#takeCall(message, frame);
        break;
      case "answer":
        this.#settle(message.id).resolve({ value: message.value, attachment });
        break;
      case "failure":
        this.#settle(message.id).reject(errorFromRecord(message.error));
        break;
      case "progress":
        this.#takeProgress(message.id, message.value);
        break;
      case "cancel":
        this.#takeCancel(message.id);
        break;
      case "tell":
        this.#options.onTold(message.topic, message.value);
        break;
      default:
        message satisfies never;
    }
  }

  #takeCall(message: Extract<Message, { readonly type: "call" }>, { attachment, heldBytes }: Frame): void {
    const { maxCalls, maxHeldBytes = Number.POSITIVE_INFINITY } = this.#options;
    const { id, method, params, within = null, progress } = message;
    if (id !== this.#lastServedId + 1) throw wireError("WIRE_OUT_OF_TURN", "a call has not the next number");
    if (this.#served.size >= maxCalls) {
      throw wireError("WIRE_CREDIT_EXCEEDED", `more than ${maxCalls} calls are unanswered`);
    }
    if (this.#heldBytes + heldBytes > maxHeldBytes) {
      throw wireError("WIRE_CREDIT_EXCEEDED", "its unanswered calls take more memory than they may");
    }
    this.#lastServedId = id;
    const tellProgress =
      progress === true ? (value: unknown) => this.#answer({ type: "progress", id, value }) : null;
    const call = new IncomingCall({ id, method, params, attachment, within, tellProgress });
    this.#served.set(id, call);
    this.#heldBytes += heldBytes;
    void this.#serve(call).finally(() => {
      this.#heldBytes -= heldBytes;
    });
  }

  async #serve(call: IncomingCall): Promise<void> {
    const { id } = call;
    try {
      const { value = null, attachment } = await this.#options.serve(call);
      this.#answer({ type: "answer", id, value }, attachment ?? undefined);
    } catch (error) {
      this.#answer({ type: "failure", id, error: errorRecordOf(error, `Cannot answer ${call.method}`) });
    }
    this.#served.delete(id);
  }

  #answer(message: Message & { readonly id: number }, attachment?: Uint8Array): void {
    if (this.#served.has(message.id)) this.#send(message, attachment);
  }

  #settle(id: number): PendingCall {
    const pending = this.#pendingAt(id);
    this.#pending.delete(id);
    this.#credit.give();
    return pending;
  }

  #takeProgress(id: number, value: unknown): void {
    const { onProgress } = this.#pendingAt(id);
    if (onProgress === undefined)
      throw wireError("WIRE_OUT_OF_TURN", "progress was told that nobody asked for");
    onProgress(value);
  }

  #pendingAt(id: number): PendingCall {
    const pending = this.#pending.get(id);
    if (pending === undefined)
      throw wireError("WIRE_OUT_OF_TURN", "a call was answered that waits for no answer");
    return pending;
  }

  /** A cancel may cross with the answer; yet there is one for each call at most. */
  #takeCancel(id: number): void {
    this.#cancels++;
    if (id > this.#lastServedId || this.#cancels > this.#lastServedId) {
      throw wireError("WIRE_OUT_OF_TURN", "a call was cancelled that was not made");
    }
    this.#served.get(id)?.abort(cancelled("call"));
  }

  #send(message: Message, attachment?: Uint8Array): void {
    if (this.#end === null) this.#writer.write(encodeFrame(message, attachment, this.#options.sends));
  }
}

function closed(cause?: unknown): TelegraphistError {
  return toTelegraphistError(
    cause instanceof Error ? cause : wireError("WIRE_CLOSED", "its pipe was closed"),
    {
      code: "WIRE_CLOSED",
      category: "PLUGIN",
      action: "Cannot go on with the plugin's process",
    },
  );
}
