import { z } from "zod";
import type { ConfigPath } from "./problem.ts";
import { configSchema } from "./schema.ts";

/** The keys that a map at that path may have; none where any may stand. */
export function keysAt(path: ConfigPath): readonly string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The values that may stand at that path; none where it is no choice. A pattern shows as `raw:…`. */
export function choicesAt(path: ConfigPath): readonly string[] {
  const schema = schemaAt(path);
  return schema === undefined ? [] : choicesOf(schema);
}

function choicesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(choicesOf);
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (schema instanceof z.ZodTemplateLiteral) {
    return [schema.def.parts.map((part) => (typeof part === "object" ? "…" : String(part))).join("")];
  }
  return [];
}

function schemaAt(path: ConfigPath): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = configSchema;
  for (const part of path) {
    schema = bare(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[part];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
    else return undefined;
  }
  return bare(schema);
}

/** A schema without what says that it may be left out. */
function bare(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = inner.def.innerType;
  }
  return inner;
}
