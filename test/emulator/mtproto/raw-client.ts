import type { Socket } from "bun";
import { openMessage, sealMessage } from "../../../runtime/emulator/crypto/message-crypto.ts";
import { TlReader } from "../../../runtime/emulator/tl/tl-reader.ts";
import { ByteQueue } from "../../../runtime/emulator/transport/byte-queue.ts";
import { IntermediateFraming } from "../../../runtime/emulator/transport/intermediate.ts";

export interface Sent {
  readonly id?: bigint;
  readonly sequence?: number;
  readonly body: Uint8Array;
}

/** A message from the server, out of its container. */
export interface Received {
  readonly id: bigint;
  readonly sequence: number;
  readonly body: Uint8Array;
}

const containerId = 0x73f1f8dc;
let lastId = 0n;
let lastSession = 0n;

/** A message id by this machine's clock, never the same twice. */
export function freshId(): bigint {
  const byClock = idAt(Date.now());
  lastId = byClock > lastId ? byClock : lastId + 4n;
  return lastId;
}

export function idAt(timeMs: number): bigint {
  return (BigInt(Math.floor(timeMs / 1000)) << 32n) | 4n;
}

export function freshSessionId(): bigint {
  lastSession += 1n;
  return lastSession;
}

/** A client that says exactly what a test wants and hides nothing of what the server says. */
export class RawClient implements AsyncDisposable {
  readonly #key: Uint8Array;
  readonly #keyId: Uint8Array;
  readonly #framing = new IntermediateFraming("intermediate");
  readonly #queue = new ByteQueue();
  readonly #received: Received[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #arrival = Promise.withResolvers<void>();
  #socket: Socket | null = null;
  sessionId = freshSessionId();
  salt: bigint;
  /** The transport error that the server closed with. */
  refusal: number | null = null;

  constructor(key: Uint8Array, keyId: string, salt: bigint) {
    this.#key = key;
    this.#keyId = Buffer.from(keyId, "hex");
    this.salt = salt;
  }

  async connect(port: number): Promise<void> {
    this.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, chunk) => this.#receive(chunk),
        close: () => {
          this.#closed.resolve();
        },
      },
    });
    this.#socket.write(Buffer.from("eeeeeeee", "hex"));
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Sends a message; returns its id. */
  send({ id = freshId(), sequence = 1, body }: Sent, corrupt = false): bigint {
    const head = Buffer.alloc(32);
    head.writeBigInt64LE(this.salt, 0);
    head.writeBigInt64LE(this.sessionId, 8);
    head.writeBigInt64LE(id, 16);
    head.writeInt32LE(sequence, 24);
    head.writeUInt32LE(body.length, 28);
    const sealed = sealMessage(this.#key, Buffer.concat([head, body]), "to-server");
    if (corrupt) sealed[30] = (sealed[30] ?? 0) ^ 1;
    this.#socket?.write(this.#framing.frame(Buffer.concat([this.#keyId, sealed])));
    return id;
  }

  /** The next message; those that come together are told one after another. */
  async next(): Promise<Received> {
    for (;;) {
      const message = this.#received.shift();
      if (message !== undefined) return message;
      await this.#arrival.promise;
      this.#arrival = Promise.withResolvers();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.end();
    await this.closed;
  }

  #receive(chunk: Buffer): void {
    this.#queue.append(chunk);
    for (;;) {
      const packet = this.#framing.next(this.#queue);
      if (packet === null) break;
      if (packet.length === 4) this.refusal = new TlReader(packet).int();
      else this.#open(packet);
    }
    this.#arrival.resolve();
  }

  #open(packet: Uint8Array): void {
    const opened = openMessage(this.#key, packet.subarray(8), "to-client");
    if (opened === null) throw new Error("The server's packet does not open");
    const reader = new TlReader(opened.subarray(16));
    const outer = readMessage(reader);
    const inner = new TlReader(outer.body);
    if (inner.uint32() !== containerId) this.#received.push(outer);
    else this.#received.push(...Array.from({ length: inner.uint32() }, () => readMessage(inner)));
  }
}

function readMessage(reader: TlReader): Received {
  const id = reader.long();
  const sequence = reader.int();
  return { id, sequence, body: reader.raw(reader.uint32()) };
}
