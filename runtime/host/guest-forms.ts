import { type HttpRequest, type MessageFilter, TelegraphistError } from "../contract/index.ts";
import { isRecord } from "../wire/index.ts";

const httpMethods: ReadonlySet<unknown> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const maxNameLength = 2_000;

/** @throws {TelegraphistError} `CALL_INVALID`; so do the others */
export function readText(value: unknown): string {
  if (typeof value === "string") return value;
  throw invalid("a text");
}

export function readNumber(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw invalid("a number");
}

/** @returns `undefined` for `null` and nothing */
export function readOptional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value == null ? undefined : read(value);
}

/** A filter: of each key a plain value or a list of them, and of `text` a plain text. */
export function readFilter(value: unknown): MessageFilter {
  if (value == null) return {};
  if (!isRecord(value)) throw invalid("a filter");
  const entries = Object.entries(value).filter(([, given]) => given !== null);
  if (!entries.every(([, given]) => isPlain(given) || (Array.isArray(given) && given.every(isPlain)))) {
    throw invalid("a filter");
  }
  // A value that a key of the filter may not have fits no event.
  return Object.fromEntries(entries) as MessageFilter;
}

/** What of a request is plain data: all but the body's bytes. */
export function readHttpRequest(value: unknown): HttpRequest {
  if (!isRecord(value)) throw invalid("a request");
  const { method, headers, body, timeoutMs, maxResponseBytes } = value;
  if (method !== undefined && !isMethod(method)) throw invalid("the method");
  if (headers !== undefined && !isHeaders(headers)) throw invalid("the headers");
  const text = readOptional(body, readText);
  const time = readOptional(timeoutMs, readNumber);
  const size = readOptional(maxResponseBytes, readNumber);
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(text !== undefined && { body: text }),
    ...(time !== undefined && { timeoutMs: time }),
    ...(size !== undefined && { maxResponseBytes: size }),
  };
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value) && String(value).length <= maxNameLength;
}

function isMethod(value: unknown): value is NonNullable<HttpRequest["method"]> {
  return httpMethods.has(value);
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}

function invalid(what: string): TelegraphistError {
  return new TelegraphistError({
    code: "CALL_INVALID",
    category: "INVALID",
    message: `Cannot make the call as ${what} has not the right form`,
  });
}
