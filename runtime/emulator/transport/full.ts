import type { ByteQueue } from "./byte-queue.ts";
import { assertPacketLength, type Framing, FramingError } from "./framing.ts";

/** Length, number of the packet, and CRC32 around each packet; both sides count from 0. */
export class FullFraming implements Framing {
  readonly name = "full";
  #received = 0;
  #sent = 0;

  next(queue: ByteQueue): Uint8Array | null {
    const length = queue.peek(4)?.readUInt32LE(0);
    if (length === undefined) return null;
    assertPacketLength(length - 12);
    const frame = queue.take(length);
    if (frame === null) return null;
    const sequence = frame.readUInt32LE(4);
    if (sequence !== this.#received) {
      throw new FramingError(`Cannot read packet ${sequence}: want ${this.#received}`);
    }
    if (frame.readUInt32LE(length - 4) !== Bun.hash.crc32(frame.subarray(0, length - 4))) {
      throw new FramingError(`Cannot read packet ${sequence}: its checksum is wrong`);
    }
    this.#received += 1;
    return frame.subarray(8, length - 4);
  }

  frame(packet: Uint8Array): Uint8Array {
    const frame = Buffer.allocUnsafe(packet.length + 12);
    frame.writeUInt32LE(frame.length, 0);
    frame.writeUInt32LE(this.#sent, 4);
    frame.set(packet, 8);
    frame.writeUInt32LE(Bun.hash.crc32(frame.subarray(0, frame.length - 4)), frame.length - 4);
    this.#sent += 1;
    return frame;
  }
}
