import type { ByteQueue } from "./byte-queue.ts";
import { assertPacketLength, type Framing } from "./framing.ts";

const longForm = 0x7f;

/** Lengths are in words of 4 bytes, in one byte or in four. The top bit of a client's length asks for a quick ack. */
export class AbridgedFraming implements Framing {
  readonly name = "abridged";

  next(queue: ByteQueue): Uint8Array | null {
    const first = queue.peek(1)?.readUInt8(0);
    if (first === undefined) return null;
    const isLong = (first & 0x7f) === longForm;
    const head = queue.peek(isLong ? 4 : 1);
    if (head === null) return null;
    const length = (isLong ? head.readUIntLE(1, 3) : first & 0x7f) * 4;
    assertPacketLength(length);
    if (queue.length < head.length + length) return null;
    queue.take(head.length);
    return queue.take(length);
  }

  frame(packet: Uint8Array): Uint8Array {
    const words = packet.length / 4;
    const head = Buffer.alloc(words < longForm ? 1 : 4);
    if (words < longForm) head.writeUInt8(words, 0);
    else head.writeUInt32LE(((words << 8) | longForm) >>> 0, 0);
    return Buffer.concat([head, packet]);
  }
}
