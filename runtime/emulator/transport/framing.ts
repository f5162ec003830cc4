import type { ByteQueue } from "./byte-queue.ts";

/** How packets are told apart within a stream, in both directions (core.telegram.org/mtproto/mtproto-transports). */
export interface Framing {
  readonly name: "abridged" | "intermediate" | "padded" | "full";
  /**
   * Takes the next packet out of the queue, or null until it is complete.
   *
   * @throws {FramingError} when the stream cannot be read on
   */
  next(queue: ByteQueue): Uint8Array | null;
  /** The bytes that carry a packet. */
  frame(packet: Uint8Array): Uint8Array;
}

/** The stream is broken: a length out of bounds, a wrong checksum or number. Nothing after it can be read. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** More than any client sends: an upload part of 512 KiB, a container of 1 MiB. */
export const maxPacketBytes = 2 * 1024 * 1024;

/** @throws {FramingError} when the length is out of bounds */
export function assertPacketLength(length: number): void {
  if (length < 4 || length > maxPacketBytes) {
    throw new FramingError(`Cannot read a packet of ${length} bytes: want 4 to ${maxPacketBytes}`);
  }
}
