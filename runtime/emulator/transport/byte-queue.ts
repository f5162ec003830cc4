/** Bytes that came and were not yet taken. */
export class ByteQueue {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** Keeps a copy only of what is left from before; the chunk must not be changed by its owner afterwards. */
  append(chunk: Buffer): void {
    this.#bytes = this.length === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** The next bytes, or null while there are fewer; they stay in the queue. */
  peek(length: number): Buffer | null {
    return this.length < length ? null : this.#bytes.subarray(this.#at, this.#at + length);
  }

  /** The next bytes, or null while there are fewer. */
  take(length: number): Buffer | null {
    const taken = this.peek(length);
    if (taken !== null) this.#at += length;
    return taken;
  }
}
