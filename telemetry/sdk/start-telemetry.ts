import { context, logs, metrics, propagation, trace } from "@opentelemetry/api";
import { getBooleanFromEnv } from "@opentelemetry/core";
import {
  defaultResource,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { NodeSDK } from "@opentelemetry/sdk-node";
import type { Logger, TraceRecord } from "../index.ts";
import { metricReaderFor, spanProcessorFor } from "./otlp.ts";
import { observeProcess } from "./process-gauges.ts";
import { createPrometheusText } from "./prometheus-text.ts";
import { TraceRing } from "./trace-ring.ts";

export interface TelemetryOptions {
  /** Gives way to `OTEL_SERVICE_NAME` and to `service.name` in `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly serviceName: string;
  readonly version: string;
  readonly traces: boolean;
  readonly metrics: boolean;
  /**
   * Base address of an OTLP receiver, as `http://127.0.0.1:4318`; goes before `OTEL_EXPORTER_OTLP_ENDPOINT`. Where
   * neither is set, nothing leaves the process.
   */
  readonly otlpEndpoint?: string | undefined;
  /** Is told once when the receiver cannot be reached, and once when it can again. */
  readonly logger: Logger;
}

export interface TelemetrySdk {
  /** Spans that ended since the start. */
  spans(): number;
  /** Traces kept in memory, the newest first. */
  recentTraces(limit: number): readonly TraceRecord[];
  /** All metrics in the text format of Prometheus, 0.0.4. */
  metricsText(): Promise<string>;
  /**
   * Sends what is still queued and gives the API back its no-ops; a second call does nothing.
   *
   * @param options.deadlineMs what is not sent by then is lost, with a warning. @default 3000
   */
  stop(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/**
 * Registers tracing, metrics, and the context that follows async calls, for the whole process; one at a time. The
 * standard `OTEL_*` variables of the process are honoured (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables):
 * `OTEL_SDK_DISABLED`, `OTEL_EXPORTER_OTLP_*` with a protocol of `http/protobuf` (the default), `http/json`, or `grpc`,
 * `OTEL_TRACES_EXPORTER` and `OTEL_METRICS_EXPORTER` with `otlp` or `none`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`,
 * `OTEL_METRIC_EXPORT_*`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`, and `OTEL_LOG_LEVEL`.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<TelemetrySdk> {
  const { serviceName, version, otlpEndpoint, logger } = options;
  const disabled = getBooleanFromEnv("OTEL_SDK_DISABLED") === true;
  const withTraces = options.traces && !disabled;
  const withMetrics = options.metrics && !disabled;
  const ring = new TraceRing();
  const prometheus = createPrometheusText();
  const spanExport = withTraces ? spanProcessorFor(otlpEndpoint, logger) : undefined;
  const metricExport = withMetrics ? metricReaderFor(otlpEndpoint, logger) : undefined;

  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({ "service.name": serviceName, "service.version": version }),
    ),
    // That of the process is left out: it exports the command line, in which a person may have typed a phone number.
    resourceDetectors: [envDetector, serviceInstanceIdDetector],
    spanProcessors: withTraces ? [ring, ...(spanExport === undefined ? [] : [spanExport])] : [],
    metricReaders: withMetrics
      ? [prometheus.reader, ...(metricExport === undefined ? [] : [metricExport])]
      : [],
    logRecordProcessors: [],
  });
  sdk.start();
  if (withMetrics) observeProcess();

  let stopping: Promise<void> | undefined;
  async function stop(deadlineMs: number): Promise<void> {
    const deadline = Promise.withResolvers<"late">();
    const timer = setTimeout(() => deadline.resolve("late"), deadlineMs);
    // A receiver that cannot be reached was reported by the watch; the flush has nothing to add.
    const flushed = sdk.shutdown().catch(() => undefined);
    const outcome = await Promise.race([flushed, deadline.promise]);
    clearTimeout(timer);
    if (outcome === "late") {
      logger.warn("Stopped telemetry before all was sent: deadline passed", { deadlineMs });
    }
    for (const api of [trace, metrics, logs, context, propagation]) api.disable();
  }

  return {
    spans: () => ring.count,
    recentTraces: (limit) => ring.recent(limit),
    metricsText: async () => (withMetrics ? prometheus.text() : "# metrics are turned off\n"),
    stop: ({ deadlineMs = 3000 } = {}) => {
      stopping ??= stop(deadlineMs);
      return stopping;
    },
  };
}
