import { randomBytes } from "node:crypto";
import { AnswerLog } from "./answer-log.ts";
import type { AuthKey } from "./auth-keys.ts";
import { sealEnvelope } from "./envelope.ts";
import type { MessageIds, MessageOrigin } from "./message-ids.ts";
import { type Message, packContainer } from "./packing.ts";

/** Where a session's packets go. */
export interface PacketSink {
  readonly isOpen: boolean;
  send(packet: Uint8Array): void;
}

/** Messages go out together at the end of the turn, or at once when there are this many. */
const maxBatchMessages = 100;
const maxBatchBytes = 128 * 1024;

export interface SessionOptions {
  readonly id: bigint;
  readonly key: AuthKey;
  readonly ids: MessageIds;
  readonly now: () => number;
}

/** An MTProto session: one client's run of messages under a key; it outlives the connections that it is spoken over. */
export class Session {
  readonly id: string;
  readonly numericId: bigint;
  readonly key: AuthKey;
  /** Told in `new_session_created`; a client that meets another knows that the server has forgotten the session. */
  readonly uniqueId = randomBytes(8).readBigInt64LE();
  readonly answers = new AnswerLog();
  /** Whether it has made a call that asks for pushes. */
  takesUpdates = false;
  readonly #ids: MessageIds;
  readonly #now: () => number;
  #sink: PacketSink | null = null;
  #contentMessages = 0;
  #batch: Message[] = [];
  #batchBytes = 0;
  #flushIsDue = false;

  constructor({ id, key, ids, now }: SessionOptions) {
    this.numericId = id;
    this.id = BigInt.asUintN(64, id).toString(16).padStart(16, "0");
    this.key = key;
    this.#ids = ids;
    this.#now = now;
  }

  get isConnected(): boolean {
    return this.#sink?.isOpen ?? false;
  }

  /** The session is now spoken over this connection; what an earlier one was sent is not sent again. */
  attach(sink: PacketSink): void {
    this.#sink = sink;
  }

  /**
   * Puts a message into the batch that goes out next; returns its id.
   *
   * @param isContent whether the client must acknowledge it; only such messages raise the sequence number
   */
  send(body: Uint8Array, isContent: boolean, origin: MessageOrigin): bigint {
    const id = this.#ids.next(origin);
    const sequence = this.#contentMessages * 2 + (isContent ? 1 : 0);
    if (isContent) this.#contentMessages += 1;
    this.#batch.push({ id, sequence, body });
    this.#batchBytes += body.length;
    if (this.#batch.length >= maxBatchMessages || this.#batchBytes >= maxBatchBytes) this.flush();
    else if (!this.#flushIsDue) {
      this.#flushIsDue = true;
      queueMicrotask(() => this.flush());
    }
    return id;
  }

  /** Sends the batch: one message as it is, several in a container. */
  flush(): void {
    this.#flushIsDue = false;
    const [first, ...others] = this.#batch;
    if (first === undefined) return;
    const message = others.length === 0 ? first : this.#container(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
    if (this.#sink?.isOpen !== true) return;
    const salt = this.key.salts.current(this.#now());
    this.#sink.send(sealEnvelope(this.key, { salt, sessionId: this.numericId, message }));
  }

  #container(messages: readonly Message[]): Message {
    return {
      id: this.#ids.next("own"),
      sequence: this.#contentMessages * 2,
      body: packContainer(messages),
    };
  }
}
