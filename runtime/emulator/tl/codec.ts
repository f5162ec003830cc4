import { TlDecoder } from "./decoder.ts";
import { TlEncoder } from "./encoder.ts";
import { SchemaIndex } from "./schema-index.ts";
import { TlReader } from "./tl-reader.ts";
import { TlWriter } from "./tl-writer.ts";
import type { TlObject, TlValue } from "./value.ts";

/** Turns plain objects into TL bytes and back, by the schema texts that it was made of; field names are TL's own. */
export class TlCodec {
  readonly #index: SchemaIndex;
  readonly #decoder: TlDecoder;
  readonly #encoder: TlEncoder;
  readonly #writer = new TlWriter();

  constructor(...schemas: readonly string[]) {
    this.#index = new SchemaIndex(schemas);
    this.#decoder = new TlDecoder(this.#index);
    this.#encoder = new TlEncoder(this.#index);
  }

  /** Whether an object or a call of that constructor id can be read. */
  knows(constructorId: number): boolean {
    return this.#index.has(constructorId);
  }

  /**
   * Reads one object or call. Byte fields share the memory of the input.
   *
   * @throws {TlError} when the bytes do not fit the schema
   */
  decode(bytes: Uint8Array): TlObject {
    return this.#decoder.object(new TlReader(bytes));
  }

  /** How many of the bytes the object at their start takes. */
  lengthOf(bytes: Uint8Array): number {
    const reader = new TlReader(bytes);
    this.#decoder.object(reader);
    return reader.offset;
  }

  /** @throws {TlError} when a field is missing or of another type; the message names constructor and field */
  encode(object: TlObject): Uint8Array {
    return this.#written((writer) => this.#encoder.object(writer, object));
  }

  /** @throws {TlError} as `encode()` */
  encodeCall(call: TlObject): Uint8Array {
    return this.#written((writer) => this.#encoder.call(writer, call));
  }

  /**
   * Writes the answer of a method, by the type that the schema gives it (`Vector<User>`, `Bool`, `messages.Messages`).
   *
   * @throws {TlError} as `encode()`, or when there is no such method
   */
  encodeAnswer(method: string, value: TlValue): Uint8Array {
    return this.#written((writer) => this.#encoder.answer(writer, method, value));
  }

  #written(write: (writer: TlWriter) => void): Uint8Array {
    try {
      write(this.#writer);
      return this.#writer.take();
    } finally {
      this.#writer.clear();
    }
  }
}
