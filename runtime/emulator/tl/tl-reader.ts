import { TlError } from "./tl-error.ts";

/** Reads the basic types of TL from bytes, in order. What it returns may share the memory of its input. */
export class TlReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = bytes.byteLength;
  }

  get offset(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  /** An unsigned 32-bit number: a constructor id, a word of flags. */
  uint32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  int(): number {
    return this.#bytes.readInt32LE(this.#advance(4));
  }

  long(): bigint {
    return this.#bytes.readBigInt64LE(this.#advance(8));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  raw(length: number): Uint8Array {
    const start = this.#advance(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  bytes(): Uint8Array {
    const [start, length] = this.#byteString();
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  string(): string {
    const [start, length] = this.#byteString();
    return this.#bytes.toString("utf8", start, start + length);
  }

  #byteString(): [start: number, length: number] {
    let length = this.#bytes.readUInt8(this.#advance(1));
    let headBytes = 1;
    if (length >= 254) {
      const head = this.#advance(3);
      length = this.#bytes.readUIntLE(head, 3);
      headBytes = 4;
    }
    const start = this.#advance(length);
    this.#advance(-(headBytes + length) & 3);
    return [start, length];
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#end) {
      throw new TlError(`Cannot read ${length} bytes at offset ${start}: the message ends at ${this.#end}`);
    }
    this.#at = start + length;
    return start;
  }
}
