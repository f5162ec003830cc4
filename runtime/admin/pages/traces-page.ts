import { attributeNames, type SpanRecord, type TraceRecord } from "../../../telemetry/index.ts";
import { type Html, html, pageOf } from "./html.ts";
import { type WaterfallRow, waterfallOf } from "./waterfall.ts";

const rowHeight = 22;
/** What tells spans of one name apart. */
const telling = [
  attributeNames.plugin,
  attributeNames.rpcMethod,
  attributeNames.dbOperation,
  attributeNames.accountState,
];

/** The latest traces, each with its waterfall; the newest lies open. */
export function tracesPage(traces: readonly TraceRecord[]): Html {
  const body =
    traces.length === 0
      ? html`<p>No trace yet: the first update will make one.</p>`
      : html`${traces.map((trace, index) => traceDetails(trace, index === 0))}`;
  return pageOf("Traces", html`<main><h1><a href="/">Telegraphist</a> traces</h1>\n${body}</main>`);
}

function traceDetails(trace: TraceRecord, isOpen: boolean): Html {
  const rows = waterfallOf(trace);
  const failures = trace.spans.filter(({ error }) => error !== null).length;
  const dropped = trace.droppedSpans > 0 ? html`, ${trace.droppedSpans} left out` : html``;
  const failed = failures > 0 ? html` <em class="failed">${failures} failed</em>` : html``;
  return html`<details class="trace"${isOpen ? html` open` : html``}>
<summary><time>${clockTime(trace.startedAtMs)}</time> <b>${rows[0]?.span.name ?? "empty"}</b>
${milliseconds(trace.durationMs)}, ${trace.spans.length} spans${dropped}${failed} <code>${trace.traceId}</code></summary>
<svg width="100%" height="${rows.length * rowHeight}" role="img" aria-label="Waterfall of ${trace.traceId}">
${rows.map(rowOf)}</svg>
</details>
`;
}

function rowOf({ span, depth, left, width }: WaterfallRow, index: number): Html {
  const y = index * rowHeight;
  const events = span.events.map(({ name, atMs, attributes }) =>
    [`${name} after ${milliseconds(atMs - span.startedAtMs)}`, ...linesOf(attributes)].join(", "),
  );
  const tip = [span.name, milliseconds(span.durationMs), ...linesOf(span.attributes), ...events].join("\n");
  const named = [span.name, ...telling.flatMap((key) => span.attributes[key] ?? [])].join(" ");
  const label = span.error === null ? named : `${named}: ${span.error}`;
  // The bars lie in a drawing of their own, so that their per cents are of its width, beside the names.
  return html`<g><title>${tip}</title>
<text x="${6 + depth * 14}" y="${y + 15}"${span.error === null ? html`` : html` class="failed"`}>${label}</text>
<svg x="38%" y="${y}" width="52%" height="${rowHeight}"><rect class="${span.error === null ? "bar" : "bar failed"}" \
x="${left.toFixed(3)}%" y="5" width="${width.toFixed(3)}%" height="12" rx="2"/></svg>
<text x="99.5%" y="${y + 15}" text-anchor="end">${milliseconds(span.durationMs)}</text></g>
`;
}

function linesOf(attributes: SpanRecord["attributes"]): readonly string[] {
  return Object.entries(attributes).map(([key, value]) => `${key} = ${value}`);
}

function milliseconds(durationMs: number): string {
  return durationMs >= 1000 ? `${(durationMs / 1000).toFixed(2)} s` : `${durationMs.toFixed(2)} ms`;
}

function clockTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}
