import type { Schema } from "../contract/index.ts";

/**
 * The keys that a map in a plugin's settings may have, for schemas that can be shown as JSON Schema (zod, valibot,
 * arktype: standardschema.dev/json-schema); empty where the schema does not tell.
 */
export function keysAt(schema: Schema<unknown>, path: readonly (string | number)[]): readonly string[] {
  let here: unknown = jsonSchemaOf(schema["~standard"]);
  for (const key of path) {
    here = typeof key === "number" ? memberOf(here, "items") : memberOf(memberOf(here, "properties"), key);
  }
  const properties = memberOf(here, "properties");
  return isRecord(properties) ? Object.keys(properties) : [];
}

function jsonSchemaOf(standard: object): unknown {
  const converter = "jsonSchema" in standard ? standard.jsonSchema : undefined;
  if (!isRecord(converter) || typeof converter.input !== "function") return undefined;
  try {
    return converter.input({ target: "draft-2020-12" });
  } catch {
    // A converter throws for what JSON Schema has no form of; then there is no hint, and the issue itself stands.
    return undefined;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
