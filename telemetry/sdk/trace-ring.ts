import { type Attributes, SpanStatusCode } from "@opentelemetry/api";
import { hrTimeToMilliseconds } from "@opentelemetry/core";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { type AttributeValue, type SpanRecord, spanNames, type TraceRecord } from "../index.ts";

interface KeptTrace {
  /**
   * In the order in which they started, those that still run included. They are made into records when someone reads
   * them: most never are, and this lies in the event path.
   */
  readonly spans: ReadableSpan[];
  dropped: number;
}

export interface TraceRingOptions {
  /** The oldest trace gives way past this number. @default 200 */
  readonly maxTraces?: number;
  /** @default 200 */
  readonly maxSpansPerTrace?: number;
}

/** Keeps the latest traces in bounded memory, for the admin's page. */
export class TraceRing implements SpanProcessor {
  readonly #traces = new Map<string, KeptTrace>();
  readonly #maxTraces: number;
  readonly #maxSpans: number;
  #count = 0;

  constructor({ maxTraces = 200, maxSpansPerTrace = 200 }: TraceRingOptions = {}) {
    this.#maxTraces = maxTraces;
    this.#maxSpans = maxSpansPerTrace;
  }

  /** Spans that ended, those that are not kept included. */
  get count(): number {
    return this.#count;
  }

  /** The traces that began last and have a span that ended, the newest first. */
  recent(limit: number): readonly TraceRecord[] {
    return [...this.#traces]
      .reverse()
      .filter(([, { spans }]) => spans.some(({ ended }) => ended))
      .slice(0, Math.max(0, limit))
      .map(([traceId, kept]) => traceRecord(traceId, kept));
  }

  onStart(span: ReadableSpan): void {
    // Health checks and scrapes come every few seconds: they would push out what the page is there to show.
    if (span.name === spanNames.admin) return;
    const { traceId } = span.spanContext();
    const kept = this.#traces.get(traceId) ?? this.#keep(traceId);
    if (kept.spans.length < this.#maxSpans) kept.spans.push(span);
    else kept.dropped++;
  }

  onEnd(): void {
    this.#count++;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  #keep(traceId: string): KeptTrace {
    const kept: KeptTrace = { spans: [], dropped: 0 };
    this.#traces.set(traceId, kept);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > this.#maxTraces && oldest !== undefined) this.#traces.delete(oldest);
    return kept;
  }
}

function traceRecord(traceId: string, kept: KeptTrace): TraceRecord {
  const spans = kept.spans.filter(({ ended }) => ended).map(spanRecord);
  const startedAtMs = Math.min(...spans.map((span) => span.startedAtMs));
  const endedAtMs = Math.max(...spans.map((span) => span.startedAtMs + span.durationMs));
  return { traceId, startedAtMs, durationMs: endedAtMs - startedAtMs, spans, droppedSpans: kept.dropped };
}

function spanRecord(span: ReadableSpan): SpanRecord {
  const failed = span.status.code === SpanStatusCode.ERROR;
  return {
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    startedAtMs: hrTimeToMilliseconds(span.startTime),
    durationMs: hrTimeToMilliseconds(span.duration),
    error: failed ? (span.status.message ?? "ERROR") : null,
    attributes: plainAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      atMs: hrTimeToMilliseconds(time),
      attributes: plainAttributes(attributes),
    })),
  };
}

function plainAttributes(attributes: Attributes): Readonly<Record<string, AttributeValue>> {
  const plain: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      plain[key] = value;
    }
  }
  return plain;
}
