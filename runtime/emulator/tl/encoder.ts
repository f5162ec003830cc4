import type { BasicName, TlDefinition, TlField, TlType } from "./schema.ts";
import type { SchemaIndex } from "./schema-index.ts";
import { TlError } from "./tl-error.ts";
import { boolFalseId, boolTrueId, vectorId } from "./tl-ids.ts";
import type { TlWriter } from "./tl-writer.ts";
import type { TlObject, TlValue } from "./value.ts";

type Write = (writer: TlWriter, value: TlValue) => void;
type WriteBody = (writer: TlWriter, object: TlObject) => void;

/** Writes objects by the schema; the way to write a constructor is worked out when it is first met. */
export class TlEncoder {
  readonly #index: SchemaIndex;
  readonly #bodies = new Map<TlDefinition, WriteBody>();
  readonly #answers = new Map<string, Write>();

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  /** Writes an object with its constructor's id. */
  object(writer: TlWriter, object: TlObject): void {
    this.#boxed(writer, this.#index.constructorNamed(object._), object);
  }

  /** Writes a method call. */
  call(writer: TlWriter, call: TlObject): void {
    this.#boxed(writer, this.#index.methodNamed(call._), call);
  }

  /** Writes what a method answers with. */
  answer(writer: TlWriter, method: string, value: TlValue): void {
    let write = this.#answers.get(method);
    if (write === undefined) {
      write = this.#writer(this.#index.methodNamed(method).result, `the answer of ${method}`);
      this.#answers.set(method, write);
    }
    write(writer, value);
  }

  #boxed(writer: TlWriter, definition: TlDefinition, object: TlObject): void {
    writer.uint32(definition.id);
    this.#body(definition)(writer, object);
  }

  #body(definition: TlDefinition): WriteBody {
    let body = this.#bodies.get(definition);
    if (body === undefined) {
      body = this.#compile(definition);
      this.#bodies.set(definition, body);
    }
    return body;
  }

  #compile({ name, fields }: TlDefinition): WriteBody {
    const steps = fields.map((field): WriteBody => {
      const where = `${name}.${field.name}`;
      if (isFlags(field)) {
        const conditional = fields.filter((other) => other.condition?.flags === field.name);
        return (writer, object) => writer.uint32(flagsWord(conditional, object));
      }
      const write = this.#writer(field.type, where);
      const isOptional = field.condition !== null;
      return (writer, object) => {
        const value = object[field.name];
        if (value !== undefined) write(writer, value);
        else if (!isOptional) throw new TlError(`Cannot write ${where}: it is missing`);
      };
    });
    return (writer, object) => {
      for (const step of steps) step(writer, object);
    };
  }

  #writer(type: TlType, where: string): Write {
    switch (type.kind) {
      case "basic":
        return basicWriter(type.name, where);
      case "vector":
        return vectorWriter(type.boxed, this.#writer(type.item, where), where);
      case "bare": {
        const definition = this.#index.constructorNamed(type.name);
        return (writer, value) => this.#body(definition)(writer, asObject(value, where));
      }
      case "boxed":
        return (writer, value) => {
          const object = asObject(value, where);
          const definition = this.#index.constructorNamed(object._);
          if (definition.result.kind !== "boxed" || definition.result.name !== type.name) {
            throw new TlError(`Cannot write ${where}: want ${type.name}, received ${object._}`);
          }
          this.#boxed(writer, definition, object);
        };
      case "any":
        return (writer, value) => this.call(writer, asObject(value, where));
    }
  }
}

function isFlags(field: TlField): boolean {
  return field.type.kind === "basic" && field.type.name === "flags";
}

function flagsWord(fields: readonly TlField[], object: TlObject): number {
  let word = 0;
  for (const { name, type, condition } of fields) {
    const value = object[name];
    const isSet = type.kind === "basic" && type.name === "true" ? value === true : value !== undefined;
    if (isSet && condition !== null) word |= 1 << condition.bit;
  }
  return word >>> 0;
}

function vectorWriter(boxed: boolean, writeItem: Write, where: string): Write {
  return (writer, value) => {
    if (!Array.isArray(value)) throw mistyped(where, "an array", value);
    if (boxed) writer.uint32(vectorId);
    writer.int(value.length);
    for (const item of value) writeItem(writer, item);
  };
}

function basicWriter(name: BasicName, where: string): Write {
  switch (name) {
    case "flags":
    case "int":
      return (writer, value) => {
        if (typeof value !== "number" || (value | 0) !== value)
          throw mistyped(where, "a 32-bit integer", value);
        writer.int(value);
      };
    case "long":
      return (writer, value) => {
        if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
          throw mistyped(where, "a signed 64-bit bigint", value);
        }
        writer.long(value);
      };
    case "double":
      return (writer, value) => {
        if (typeof value !== "number") throw mistyped(where, "a number", value);
        writer.double(value);
      };
    case "int128":
      return rawWriter(16, where);
    case "int256":
      return rawWriter(32, where);
    case "string":
      return (writer, value) => {
        if (typeof value !== "string") throw mistyped(where, "a string", value);
        writer.string(value);
      };
    case "bytes":
      return (writer, value) => {
        if (!(value instanceof Uint8Array)) throw mistyped(where, "bytes", value);
        writer.bytes(value);
      };
    case "Bool":
      return (writer, value) => {
        if (typeof value !== "boolean") throw mistyped(where, "a boolean", value);
        writer.uint32(value ? boolTrueId : boolFalseId);
      };
    case "true":
      return (_, value) => {
        if (typeof value !== "boolean") throw mistyped(where, "a boolean", value);
      };
  }
}

function rawWriter(length: number, where: string): Write {
  return (writer, value) => {
    if (!(value instanceof Uint8Array) || value.length !== length) {
      throw mistyped(where, `${length} bytes`, value);
    }
    writer.raw(value);
  };
}

function asObject(value: TlValue, where: string): TlObject {
  if (typeof value !== "object" || value instanceof Uint8Array || !("_" in value)) {
    throw mistyped(where, "an object", value);
  }
  return value;
}

/** Names the type of what came, never its content: it may be a person's text. */
function mistyped(where: string, wanted: string, value: TlValue): TlError {
  const received = value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
  return new TlError(`Cannot write ${where}: want ${wanted}, received ${received}`);
}
