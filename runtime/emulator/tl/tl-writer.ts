/** Writes the basic types of TL into a buffer that grows. Made once and used again: `take()` empties it. */
export class TlWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(sizeBytes = 1024) {
    this.#bytes = Buffer.allocUnsafe(sizeBytes);
  }

  uint32(value: number): void {
    this.#at = this.#reserve(4).writeUInt32LE(value, this.#at);
  }

  int(value: number): void {
    this.#at = this.#reserve(4).writeInt32LE(value, this.#at);
  }

  long(value: bigint): void {
    this.#at = this.#reserve(8).writeBigInt64LE(value, this.#at);
  }

  double(value: number): void {
    this.#at = this.#reserve(8).writeDoubleLE(value, this.#at);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length).set(value, this.#at);
    this.#at += value.length;
  }

  bytes(value: Uint8Array): void {
    this.#head(value.length);
    this.raw(value);
    this.#pad();
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.#head(length);
    this.#reserve(length).write(value, this.#at);
    this.#at += length;
    this.#pad();
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  /** Forgets what was written, after an error in the middle of a value. */
  clear(): void {
    this.#at = 0;
  }

  #head(length: number): void {
    const buffer = this.#reserve(4);
    this.#at =
      length < 254
        ? buffer.writeUInt8(length, this.#at)
        : buffer.writeUInt32LE(((length << 8) | 0xfe) >>> 0, this.#at);
  }

  #pad(): void {
    const padding = -this.#at & 3;
    this.#reserve(padding).fill(0, this.#at, this.#at + padding);
    this.#at += padding;
  }

  #reserve(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + length));
      grown.set(this.#bytes.subarray(0, this.#at));
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
