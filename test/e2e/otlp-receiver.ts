/** A span as OTLP's JSON has it, of what is asked for here. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string };
  }[];
}

/** A receiver of OTLP over HTTP in this process. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly endpoint: string;
  /** Every body as it came. */
  readonly bodies: { readonly traces: string[]; readonly metrics: string[] };
  spans(): readonly ReceivedSpan[];
}

interface TracesBody {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

export function startOtlpReceiver(): OtlpReceiver {
  const bodies = { traces: [] as string[], metrics: [] as string[] };
  const take = (into: string[]) => async (request: Request) => {
    into.push(await request.text());
    return Response.json({});
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    routes: { "/v1/traces": take(bodies.traces), "/v1/metrics": take(bodies.metrics) },
  });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    bodies,
    spans: () =>
      bodies.traces.flatMap((text) => {
        // What OTLP's JSON form says.
        const body = JSON.parse(text) as TracesBody;
        return body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
      }),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
