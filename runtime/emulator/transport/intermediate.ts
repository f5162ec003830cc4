import { randomBytes, randomInt } from "node:crypto";
import type { ByteQueue } from "./byte-queue.ts";
import { assertPacketLength, type Framing } from "./framing.ts";

/** Lengths are in bytes, in four; the padded form adds up to 15 random bytes to each packet. */
export class IntermediateFraming implements Framing {
  readonly name: "intermediate" | "padded";

  constructor(name: "intermediate" | "padded") {
    this.name = name;
  }

  next(queue: ByteQueue): Uint8Array | null {
    const head = queue.peek(4);
    if (head === null) return null;
    // The top bit asks for a quick ack.
    const length = head.readUInt32LE(0) & 0x7fffffff;
    assertPacketLength(length);
    if (queue.length < 4 + length) return null;
    queue.take(4);
    return queue.take(length);
  }

  frame(packet: Uint8Array): Uint8Array {
    const padding = this.name === "padded" ? randomBytes(randomInt(16)) : new Uint8Array(0);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(packet.length + padding.length, 0);
    return Buffer.concat([head, packet, padding]);
  }
}
