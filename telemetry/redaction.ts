import { maskedSecrets } from "./secret-shapes.ts";

const masked = "[redacted]";
const secretKey =
  /pass(word|phrase|wd)?$|secret|token|api_?(key|hash)|(auth|private|master|encryption)_?key|session|phone|(login|code|verification)_?(hash|code)|authorization|cookie|mnemonic/i;
/** What people wrote to each other: never a matter of the log. */
const contentKey = /^(text|caption|body|draft|quote|content|bio|about|query)$/i;
/** Ids have the shape of phone numbers, hashes of traces that of keys; both are needed to find one's way. */
const idKey = /(^|[a-z_.-])ids?$/i;

const maxDepth = 6;
const maxItems = 100;
const maxTextLength = 4000;

/**
 * Masks what stands under a telling name, at any depth, and what looks like a secret under any other, and cuts what is
 * too long for a log. Errors become their code, message, and causes; one without a code keeps its stack.
 */
export function redactedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactedEntries(Object.entries(fields), 0);
}

/** Masks what looks like a secret in running text: phone numbers, keys, sessions, tokens. */
export function redactedText(text: string): string {
  const short = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}… [cut]` : text;
  return maskedSecrets(short, masked);
}

function redactedEntries(entries: readonly (readonly [string, unknown])[], depth: number) {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries.slice(0, maxItems)) result[key] = redactedEntry(key, value, depth);
  if (entries.length > maxItems) result["…"] = `${entries.length - maxItems} more`;
  return result;
}

function redactedEntry(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (secretKey.test(key) || contentKey.test(key)) return masked;
  if (typeof value === "string" && idKey.test(key)) return value.slice(0, maxTextLength);
  return redactedValue(value, depth);
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactedText(value);
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) return "[too deep]";
  if (value instanceof Error) return redactedError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof URL) return redactedText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) {
    return redactedEntries(
      [...value].map(([key, item]) => [String(key), item] as const),
      depth + 1,
    );
  }
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    const first = items.slice(0, maxItems).map((item) => redactedValue(item, depth + 1));
    return items.length > maxItems ? [...first, `… ${items.length - maxItems} more`] : first;
  }
  return redactedEntries(Object.entries(value), depth + 1);
}

function redactedError(error: Error, depth: number): Record<string, unknown> {
  const coded = "code" in error && typeof error.code === "string";
  return {
    code: coded ? error.code : error.name,
    message: redactedText(error.message),
    ...("data" in error && { data: redactedValue(error.data, depth + 1) }),
    ...(error.cause !== undefined && { cause: redactedValue(error.cause, depth + 1) }),
    ...(!coded && error.stack !== undefined && { stack: redactedText(error.stack) }),
  };
}
