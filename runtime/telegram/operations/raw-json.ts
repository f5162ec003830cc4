import bigInt from "big-integer";
import type { JsonValue } from "../../contract/index.ts";
import { type Api, tlobjects } from "../gramjs.ts";
import { invalidCall } from "./invalid-call.ts";
import { type RawDefinition, type RawField, rawSchema } from "./raw-schema.ts";

type JsonObject = { readonly [key: string]: JsonValue };

/** Every class of GramJS by its constructor's id, each taking its fields by their names in camel case. */
const classes: Readonly<Record<number, new (fields: Record<string, unknown>) => object>> = tlobjects;

/**
 * Makes a request of a method's name and plain JSON.
 *
 * @throws {TelegraphistError} `CALL_INVALID` when there is no such method, a field is unknown or missing, or a value does
 * not fit its type; the message has the field's path
 */
export function requestFromJson(method: string, parameters: JsonObject): Api.AnyRequest {
  const definition = rawSchema().methods.get(method);
  if (definition === undefined) {
    throw invalidCall(
      `Cannot call "${method}" as layer 198 has no such method: see core.telegram.org/methods`,
    );
  }
  // `methods` holds functions only, whose classes are requests.
  return buildObject(definition, parameters, method) as Api.AnyRequest;
}

/** Whatever GramJS answered as plain JSON; fields that are not set, and flags that are false, are left out. */
export function jsonFromAnswer(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint" || bigInt.isInstance(value)) return value.toString();
  if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
  if (Array.isArray(value)) return value.map(jsonFromAnswer);
  return jsonFromObject(value);
}

function jsonFromObject(value: object): JsonValue {
  const definition =
    "CONSTRUCTOR_ID" in value ? rawSchema().byId.get(Number(value.CONSTRUCTOR_ID)) : undefined;
  if (definition === undefined) throw invalidCall("Cannot read the answer: it holds an object of no schema");
  const held = new Map<string, unknown>(Object.entries(value));
  const result: Record<string, JsonValue> = { _: definition.name };
  for (const { name, type } of definition.fields) {
    const field = held.get(camelCase(name));
    if (field === null || field === undefined || (type === "true" && field !== true)) continue;
    result[name] = jsonFromAnswer(field);
  }
  return result;
}

function buildObject(definition: RawDefinition, json: JsonObject, path: string): object {
  const known = new Set(definition.fields.map((field) => field.name));
  const stranger = Object.keys(json).find((key) => key !== "_" && !known.has(key));
  if (stranger !== undefined) {
    throw invalidCall(
      `Cannot read "${path}.${stranger}" as "${definition.name}" has no such field: it has ${[...known].join(", ") || "none"}`,
    );
  }
  const fields: Record<string, unknown> = {};
  for (const field of definition.fields) {
    const value = json[field.name];
    if (value === undefined || value === null) {
      // GramJS makes a random id itself when none is given.
      if (field.isOptional || field.name === "random_id") continue;
      throw invalidCall(`Cannot read "${path}.${field.name}" as it must be given: received nothing`);
    }
    fields[camelCase(field.name)] = buildValue(field, value, `${path}.${field.name}`);
  }
  const Class = classes[definition.id];
  if (Class === undefined) throw invalidCall(`Cannot make "${definition.name}": GramJS has no class of it`);
  return new Class(fields);
}

function buildValue(field: Pick<RawField, "type">, value: JsonValue, path: string): unknown {
  const { type } = field;
  const [, item] = /^[Vv]ector<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) {
    if (!Array.isArray(value)) throw misfit(path, "an array", value);
    return value.map((one: JsonValue, index) => buildValue({ type: item }, one, `${path}.${index}`));
  }
  switch (type) {
    case "int":
    case "double":
      if (typeof value !== "number") throw misfit(path, "a number", value);
      return value;
    case "long":
    case "int128":
    case "int256":
      if (typeof value !== "string" || !/^-?\d{1,78}$/.test(value))
        throw misfit(path, "a decimal string", value);
      return bigInt(value);
    case "string":
      if (typeof value !== "string") throw misfit(path, "a string", value);
      return value;
    case "true":
    case "Bool":
      if (typeof value !== "boolean") throw misfit(path, "true or false", value);
      return value;
    case "bytes":
      return bytesOf(value, path);
    default:
      return boxed(value, path, type);
  }
}

function bytesOf(value: JsonValue, path: string): Buffer {
  const encoded = isObject(value) ? value.$bytes : undefined;
  if (typeof encoded !== "string") throw misfit(path, '{ "$bytes": base64 }', value);
  return Buffer.from(encoded, "base64");
}

/** Only a parameter that takes any method takes one: elsewhere it would slip past whoever checks the call by its name. */
function boxed(value: JsonValue, path: string, type: string): object {
  const name = isObject(value) ? value._ : undefined;
  if (!isObject(value) || typeof name !== "string")
    throw misfit(path, 'an object with its name in "_"', value);
  const definition = (type === "!X" ? rawSchema().methods : rawSchema().constructors).get(name);
  if (definition === undefined)
    throw invalidCall(`Cannot read "${path}" as there is no constructor "${name}"`);
  return buildObject(definition, value, path);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfit(path: string, wanted: string, value: JsonValue) {
  const received = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return invalidCall(`Cannot read "${path}" as it must be ${wanted}: received ${received}`);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
