import type { SpanRecord, TraceRecord } from "../../../telemetry/index.ts";

/** One line of a waterfall. */
export interface WaterfallRow {
  readonly span: SpanRecord;
  /** 0 for a span whose parent is not in this trace's record. */
  readonly depth: number;
  /** Where the bar begins, in percent of the trace's time. */
  readonly left: number;
  /** In percent; at least what can be seen. */
  readonly width: number;
}

const leastWidth = 0.4;

/** Puts the spans of a trace in the order of their tree, children by the time they started, and measures their bars. */
export function waterfallOf(trace: TraceRecord): readonly WaterfallRow[] {
  const known = new Set(trace.spans.map(({ spanId }) => spanId));
  const childrenOf = Map.groupBy(trace.spans, ({ parentSpanId }) =>
    parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : null,
  );
  const rows: WaterfallRow[] = [];
  const wholeMs = Math.max(trace.durationMs, Number.EPSILON);

  function place(parentSpanId: string | null, depth: number): void {
    for (const span of childrenOf.get(parentSpanId) ?? []) {
      const left = Math.min(((span.startedAtMs - trace.startedAtMs) / wholeMs) * 100, 100 - leastWidth);
      const width = Math.min(Math.max((span.durationMs / wholeMs) * 100, leastWidth), 100 - left);
      rows.push({ span, depth, left, width });
      place(span.spanId, depth + 1);
    }
  }

  place(null, 0);
  return rows;
}
