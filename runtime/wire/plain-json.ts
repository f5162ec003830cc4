import type { JsonValue } from "../contract/index.ts";

const maxDepth = 64;

/** A map as JSON makes it, without the one key that would mean something else to whoever copies it by assignment. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, "__proto__")
  );
}

/** Whether a parsed value is a record all the way down, and not so deep that walking it would run out of stack. */
export function isPlainJson(value: unknown, depth = 0): value is JsonValue {
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (depth >= maxDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  return isRecord(value) && Object.values(value).every((item) => isPlainJson(item, depth + 1));
}
