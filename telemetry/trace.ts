import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { attributeNames } from "./names.ts";
import { redactedText } from "./redaction.ts";

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

export interface SpanOptions {
  readonly attributes?: Attributes;
  /** @default "internal" */
  readonly kind?: "internal" | "client" | "server" | "producer" | "consumer";
  /** W3C trace context to go on from; without it, or when it cannot be read, the span is a child of the active one. */
  readonly traceparent?: string | undefined;
  /** Starts a trace of its own: a socket listener inherits no scope, or the wrong one. @default false */
  readonly root?: boolean;
}

/** The part of a span that its own code may touch. */
export interface ActiveSpan {
  set(attributes: Attributes): void;
  event(name: string, attributes?: Attributes): void;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/**
 * Runs the function inside a span that ends with it. What it throws is set as the span's error by its `code` and
 * `category` alone, since a message may quote what must not be exported, and is thrown on. Attributes are redacted by their shape.
 */
export async function span<T>(
  name: string,
  options: SpanOptions,
  run: (span: ActiveSpan) => Promise<T> | T,
): Promise<T> {
  const { attributes = {}, kind = "internal", root = false } = options;
  return trace
    .getTracer("telegraphist")
    .startActiveSpan(
      name,
      { attributes: redactedAttributes(attributes), kind: kinds[kind], root },
      parentOf(options),
      async (otelSpan) => {
        try {
          return await run({
            set: (more) => void otelSpan.setAttributes(redactedAttributes(more)),
            event: (eventName, more = {}) =>
              void otelSpan.addEvent(redactedText(eventName), redactedAttributes(more)),
          });
        } catch (error) {
          const code = errorTypeOf(error);
          otelSpan.setAttribute(attributeNames.errorType, code);
          const category = categoryOf(error);
          if (category !== undefined) otelSpan.setAttribute(attributeNames.errorCategory, category);
          otelSpan.setStatus({ code: SpanStatusCode.ERROR, message: code });
          throw error;
        } finally {
          otelSpan.end();
        }
      },
    );
}

/**
 * Notes that something happened, on the active span. Where none records any more, a span of that name is made for it, with
 * the same attributes and a trace of its own.
 */
export function spanEvent(name: string, attributes: Attributes, ownSpan: string): void {
  const noted = redactedAttributes(attributes);
  const active = trace.getActiveSpan();
  if (active?.isRecording() === true) {
    active.addEvent(redactedText(name), noted);
    return;
  }
  const own = trace.getTracer("telegraphist").startSpan(ownSpan, { attributes: noted, root: true });
  own.addEvent(redactedText(name), noted).end();
}

/** Runs the function outside of every span: what it begins goes on long after the one that is active now. */
export function outsideSpans<T>(run: () => T): T {
  return context.with(ROOT_CONTEXT, run);
}

/** W3C trace context of the active span, to be carried in plain data; `undefined` outside any. */
export function currentTraceparent(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  const flags = spanContext.traceFlags.toString(16).padStart(2, "0");
  return `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`;
}

/** A failure's name for metrics and spans: its `code` when it has one, else its class; never its message. */
export function errorTypeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return error instanceof Error ? error.name : typeof error;
}

function categoryOf(error: unknown): string | undefined {
  const hasCategory = typeof error === "object" && error !== null && "category" in error;
  return hasCategory && typeof error.category === "string" ? error.category : undefined;
}

/** The global propagator is not asked: OTEL_PROPAGATORS may turn it off, and this never leaves the program. */
function parentOf({ traceparent }: SpanOptions): Context {
  const active = context.active();
  const [, traceId, spanId, flags] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return active;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(active, parent) : active;
}

function redactedAttributes(attributes: Attributes): Record<string, AttributeValue | undefined> {
  const result: Record<string, AttributeValue | undefined> = {};
  for (const [key, value] of Object.entries(attributes)) {
    result[key] = typeof value === "string" && !key.endsWith("_id") ? redactedText(value) : value;
  }
  return result;
}
