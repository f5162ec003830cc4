import { z } from "zod";
import { configSchema } from "./schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schema of the file as it is written, for editors: descriptions, defaults, and a `${NAME}` wherever a value may
 * stand.
 */
export function jsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, {
    io: "input",
    override: ({ jsonSchema: schema, path }) => {
      if (path.length === 0) schema.title = "telegraphist.yaml";
      if (!path.includes("propertyNames") && isBounded(schema)) allowPlaceholder(schema);
    },
  });
}

/** Whether a placeholder would not fit by itself. */
function isBounded({ type, pattern, format, enum: choices, const: only }: JsonSchema): boolean {
  const isValue = type === "integer" || type === "number" || type === "boolean";
  return isValue || [pattern, format, choices, only].some((bound) => bound !== undefined);
}

function allowPlaceholder(schema: JsonSchema): void {
  const { description, default: otherwise, ...form } = schema;
  for (const key of Object.keys(form)) delete schema[key];
  schema.anyOf = [form, { type: "string", pattern: "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}" }];
}
