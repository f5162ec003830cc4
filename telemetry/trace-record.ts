import type { AttributeValue } from "./trace.ts";

/** A span that ended, as plain data. */
export interface SpanRecord {
  readonly spanId: string;
  /** `null` for the first span of its trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  /** Milliseconds since 1970, with fractions. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** The error's code; `null` when it went well. */
  readonly error: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** What happened while it ran, in order. */
  readonly events: readonly SpanEventRecord[];
}

export interface SpanEventRecord {
  readonly name: string;
  /** Milliseconds since 1970, with fractions. */
  readonly atMs: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** The spans of one trace that ended so far, in the order in which they started. */
export interface TraceRecord {
  readonly traceId: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly spans: readonly SpanRecord[];
  /** Spans that were left out, since the trace has too many. */
  readonly droppedSpans: number;
}
