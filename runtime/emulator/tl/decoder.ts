import { gunzip } from "./gzip.ts";
import type { BasicName, TlDefinition, TlField, TlType } from "./schema.ts";
import type { SchemaIndex } from "./schema-index.ts";
import { TlError } from "./tl-error.ts";
import { boolFalseId, boolTrueId, gzipPackedId, vectorId } from "./tl-ids.ts";
import { TlReader } from "./tl-reader.ts";
import type { TlObject, TlValue } from "./value.ts";

type Read = (reader: TlReader) => TlValue;

/** Reads objects by the schema; the way to read a constructor is worked out when it is first met. */
export class TlDecoder {
  readonly #index: SchemaIndex;
  readonly #bodies = new Map<TlDefinition, (reader: TlReader) => TlObject>();

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  /** Reads an object with its constructor id, unpacking it when it is gzipped. */
  object(reader: TlReader): TlObject {
    const id = reader.uint32();
    if (id === gzipPackedId) return this.object(new TlReader(gunzip(reader.bytes())));
    return this.#body(this.#index.byId(id))(reader);
  }

  #body(definition: TlDefinition): (reader: TlReader) => TlObject {
    let body = this.#bodies.get(definition);
    if (body === undefined) {
      body = this.#compile(definition);
      this.#bodies.set(definition, body);
    }
    return body;
  }

  #compile({ name, fields }: TlDefinition): (reader: TlReader) => TlObject {
    const words = fields.filter(isFlags).map((field) => field.name);
    const steps = fields.map((field) => ({
      name: field.name,
      word: words.indexOf(field.condition?.flags ?? field.name),
      mask: field.condition === null ? 0 : 1 << field.condition.bit,
      isFlags: isFlags(field),
      read: this.#reader(field.type),
    }));
    return (reader) => {
      const object: { _: string; [field: string]: TlValue } = { _: name };
      const flags: number[] = [];
      for (const step of steps) {
        if (step.isFlags) flags[step.word] = reader.uint32();
        else if (step.mask === 0 || ((flags[step.word] ?? 0) & step.mask) !== 0) {
          object[step.name] = step.read(reader);
        }
      }
      return object;
    };
  }

  #reader(type: TlType): Read {
    switch (type.kind) {
      case "basic":
        return BASIC_READERS[type.name];
      case "vector": {
        const item = this.#reader(type.item);
        return type.boxed ? (reader) => boxedVector(reader, item) : (reader) => vectorBody(reader, item);
      }
      case "bare": {
        const definition = this.#index.constructorNamed(type.name);
        return (reader) => this.#body(definition)(reader);
      }
      case "boxed":
      case "any":
        return (reader) => this.object(reader);
    }
  }
}

const BASIC_READERS: Readonly<Record<BasicName, Read>> = {
  flags: (reader) => reader.uint32(),
  int: (reader) => reader.int(),
  long: (reader) => reader.long(),
  double: (reader) => reader.double(),
  int128: (reader) => reader.raw(16),
  int256: (reader) => reader.raw(32),
  string: (reader) => reader.string(),
  bytes: (reader) => reader.bytes(),
  Bool: readBool,
  true: () => true,
};

function isFlags(field: TlField): boolean {
  return field.type.kind === "basic" && field.type.name === "flags";
}

function readBool(reader: TlReader): boolean {
  const id = reader.uint32();
  if (id !== boolTrueId && id !== boolFalseId) {
    throw new TlError(`Cannot read a Bool at offset ${reader.offset - 4}: received ${id.toString(16)}`);
  }
  return id === boolTrueId;
}

function boxedVector(reader: TlReader, item: Read): TlValue[] {
  const id = reader.uint32();
  if (id !== vectorId) {
    throw new TlError(`Cannot read a Vector at offset ${reader.offset - 4}: received ${id.toString(16)}`);
  }
  return vectorBody(reader, item);
}

function vectorBody(reader: TlReader, item: Read): TlValue[] {
  const count = reader.int();
  const values: TlValue[] = [];
  for (let i = 0; i < count; i++) values.push(item(reader));
  return values;
}
