import {
  type ErrorCategory,
  type ErrorData,
  type ErrorRecord,
  TelegraphistError,
  toTelegraphistError,
} from "../contract/index.ts";
import { isRecord } from "./plain-json.ts";

const categories: ReadonlySet<unknown> = new Set<ErrorCategory>([
  "NETWORK",
  "FLOOD_WAIT",
  "FLOOD_BLOCK",
  "AUTH",
  "RIGHTS",
  "PRIVACY",
  "PERMISSION",
  "NOT_FOUND",
  "INVALID",
  "STORAGE",
  "CONFIG",
  "PLUGIN",
  "CANCELLED",
  "INTERNAL",
]);
const codeShape = /^[A-Za-z][\w.-]{0,99}$/;
const maxMessageLength = 4_000;
const maxDataKeys = 32;

/** What is told of an error to the other side: no stack, no cause. */
export function errorRecordOf(thrown: unknown, action: string): ErrorRecord {
  return toTelegraphistError(thrown, { code: "WIRE_CALL_FAILED", category: "INTERNAL", action }).toJSON();
}

/** The error of a record that the other side sent; whatever of it does not fit is left out. */
export function errorFromRecord(record: unknown): TelegraphistError {
  const { code, category, message, retryable, data } = isRecord(record) ? record : {};
  return new TelegraphistError({
    code: typeof code === "string" && codeShape.test(code) ? code : "WIRE_CALL_FAILED",
    category: isCategory(category) ? category : "PLUGIN",
    message: typeof message === "string" ? message.slice(0, maxMessageLength) : "Cannot tell what failed",
    retryable: retryable === true,
    data: isRecord(data) ? plainData(data) : {},
  });
}

function isCategory(value: unknown): value is ErrorCategory {
  return categories.has(value);
}

function plainData(data: Readonly<Record<string, unknown>>): ErrorData {
  const entries = Object.entries(data).slice(0, maxDataKeys);
  const kept: Record<string, ErrorData[string]> = {};
  for (const [key, value] of entries) if (isDatum(value)) kept[key] = value;
  return kept;
}

function isDatum(value: unknown): value is ErrorData[string] {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
