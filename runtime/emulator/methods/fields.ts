import type { TlObject } from "../tl/value.ts";
import { RpcError } from "./rpc.ts";

/**
 * A field of a request. The codec has proved it against the schema, so these only narrow the type.
 *
 * @throws {RpcError} `INPUT_FETCH_ERROR` when the field is missing or of another type
 */
export function text(object: TlObject, field: string): string {
  const value = object[field];
  return typeof value === "string" ? value : refuse();
}

export function optionalText(object: TlObject, field: string): string | undefined {
  return object[field] === undefined ? undefined : text(object, field);
}

export function int(object: TlObject, field: string): number {
  const value = object[field];
  return typeof value === "number" ? value : refuse();
}

export function optionalInt(object: TlObject, field: string): number | undefined {
  return object[field] === undefined ? undefined : int(object, field);
}

export function long(object: TlObject, field: string): bigint {
  const value = object[field];
  return typeof value === "bigint" ? value : refuse();
}

export function bytes(object: TlObject, field: string): Uint8Array {
  const value = object[field];
  return value instanceof Uint8Array ? value : refuse();
}

/** Whether a `true` flag or `Bool` is set. */
export function flag(object: TlObject, field: string): boolean {
  return object[field] === true;
}

export function object(parent: TlObject, field: string): TlObject {
  return optionalObject(parent, field) ?? refuse();
}

export function optionalObject(parent: TlObject, field: string): TlObject | undefined {
  const value = parent[field];
  if (value === undefined) return undefined;
  return isObject(value) ? value : refuse();
}

export function objects(parent: TlObject, field: string): readonly TlObject[] {
  return list(parent, field).filter(isObject);
}

export function ints(parent: TlObject, field: string): readonly number[] {
  return list(parent, field).map(Number);
}

export function longs(parent: TlObject, field: string): readonly bigint[] {
  return list(parent, field).filter((value) => typeof value === "bigint");
}

type Value = TlObject[string];

function list(parent: TlObject, field: string): readonly Value[] {
  const value = parent[field];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : refuse();
}

function isObject(value: Value): value is TlObject {
  return typeof value === "object" && "_" in value;
}

function refuse(): never {
  throw new RpcError(400, "INPUT_FETCH_ERROR");
}
