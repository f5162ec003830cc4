import { AbridgedFraming } from "./abridged.ts";
import { ByteQueue } from "./byte-queue.ts";
import { type Framing, FramingError } from "./framing.ts";
import { FullFraming } from "./full.ts";
import { IntermediateFraming } from "./intermediate.ts";
import { type Obfuscation, obfuscationHeadBytes, readObfuscation } from "./obfuscation.ts";

const abridgedTag = 0xef;

/** One connection's stream of packets; the transport is told by the first bytes that the client sends. */
export class Transport {
  readonly #queue = new ByteQueue();
  #framing: Framing | null = null;
  #obfuscation: Obfuscation | null = null;

  /** Such as `full` or `obfuscated abridged`; `unknown` until the client has sent enough. */
  get name(): string {
    const name = this.#framing?.name ?? "unknown";
    return this.#obfuscation === null ? name : `obfuscated ${name}`;
  }

  /**
   * Takes what came from the socket, in pieces of any size; returns the packets that it completes.
   *
   * @param chunk kept until its packets are complete: it must not be changed afterwards
   * @throws {FramingError} when the stream cannot be read on
   */
  receive(chunk: Buffer): Uint8Array[] {
    this.#queue.append(this.#obfuscation === null ? chunk : this.#obfuscation.incoming.update(chunk));
    this.#framing ??= this.#detect();
    const packets: Uint8Array[] = [];
    if (this.#framing === null) return packets;
    for (;;) {
      const packet = this.#framing.next(this.#queue);
      if (packet === null) return packets;
      packets.push(packet);
    }
  }

  /** The bytes that carry a packet to the client; frames MUST be written in the order in which they were made. */
  frame(packet: Uint8Array): Uint8Array {
    if (this.#framing === null)
      throw new FramingError("Cannot frame a packet: the client has sent nothing yet");
    const frame = this.#framing.frame(packet);
    return this.#obfuscation === null ? frame : this.#obfuscation.outgoing.update(frame);
  }

  #detect(): Framing | null {
    const queue = this.#queue;
    if (queue.peek(1)?.[0] === abridgedTag) {
      queue.take(1);
      return new AbridgedFraming();
    }
    const first = queue.peek(4)?.readUInt32LE(0);
    if (first === undefined) return null;
    const tagged = taggedFraming(first);
    if (tagged !== null) {
      queue.take(4);
      return tagged;
    }
    // The full transport's first packet has the number 0, which no obfuscated head has in that place.
    const second = queue.peek(8)?.readUInt32LE(4);
    if (second === undefined) return null;
    if (second === 0) return new FullFraming();
    const head = queue.take(obfuscationHeadBytes);
    return head === null ? null : this.#openObfuscated(head);
  }

  #openObfuscated(head: Buffer): Framing {
    const obfuscation = readObfuscation(head);
    const framing = taggedFraming(obfuscation.tag);
    if (framing === null)
      throw new FramingError("Cannot tell the transport: the client's first bytes name none");
    this.#obfuscation = obfuscation;
    const rest = this.#queue.take(this.#queue.length);
    if (rest !== null) this.#queue.append(obfuscation.incoming.update(rest));
    return framing;
  }
}

function taggedFraming(tag: number): Framing | null {
  switch (tag) {
    case 0xefefefef:
      return new AbridgedFraming();
    case 0xeeeeeeee:
      return new IntermediateFraming("intermediate");
    case 0xdddddddd:
      return new IntermediateFraming("padded");
    default:
      return null;
  }
}
