import { getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from "@opentelemetry/core";
import { OTLPMetricExporter as MetricsOverGrpc } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as MetricsOverJson } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as MetricsOverProtobuf } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as TracesOverGrpc } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as TracesOverJson } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as TracesOverProtobuf } from "@opentelemetry/exporter-trace-otlp-proto";
import { type IMetricReader, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Logger } from "../index.ts";
import { watchExports } from "./export-watch.ts";

type Signal = "traces" | "metrics";

const exporters = {
  traces: { grpc: TracesOverGrpc, "http/json": TracesOverJson, "http/protobuf": TracesOverProtobuf },
  metrics: { grpc: MetricsOverGrpc, "http/json": MetricsOverJson, "http/protobuf": MetricsOverProtobuf },
} as const;

type Protocol = keyof typeof exporters.traces;

/** Sends spans in batches from a bounded queue; `undefined` when no receiver is configured. */
export function spanProcessorFor(endpoint: string | undefined, logger: Logger): SpanProcessor | undefined {
  if (!isConfigured("traces", endpoint)) return undefined;
  const protocol = protocolOf("traces", logger);
  const exporter = new exporters.traces[protocol](addressOf("traces", protocol, endpoint));
  watchExports(exporter, "traces", logger);
  return new BatchSpanProcessor({
    exporter,
    maxQueueSize: positiveFromEnv("OTEL_BSP_MAX_QUEUE_SIZE", 2048),
    maxExportBatchSize: positiveFromEnv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512),
    scheduledDelayMillis: positiveFromEnv("OTEL_BSP_SCHEDULE_DELAY", 5000),
    exportTimeoutMillis: positiveFromEnv("OTEL_BSP_EXPORT_TIMEOUT", 30_000),
  });
}

/** Sends metrics once a minute, or as the environment says; `undefined` when no receiver is configured. */
export function metricReaderFor(endpoint: string | undefined, logger: Logger): IMetricReader | undefined {
  if (!isConfigured("metrics", endpoint)) return undefined;
  const protocol = protocolOf("metrics", logger);
  const exporter = new exporters.metrics[protocol](addressOf("metrics", protocol, endpoint));
  watchExports(exporter, "metrics", logger);
  const exportIntervalMillis = positiveFromEnv("OTEL_METRIC_EXPORT_INTERVAL", 60_000);
  const timeoutMs = positiveFromEnv("OTEL_METRIC_EXPORT_TIMEOUT", 30_000);
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(timeoutMs, exportIntervalMillis),
  });
}

/** The libraries would send to localhost by default; here silence is the default, and sending is asked for. */
function isConfigured(signal: Signal, endpoint: string | undefined): boolean {
  const chosen = getStringListFromEnv(`OTEL_${signal.toUpperCase()}_EXPORTER`) ?? [];
  if (chosen.includes("none")) return false;
  return (
    endpoint !== undefined ||
    chosen.includes("otlp") ||
    getStringFromEnv("OTEL_EXPORTER_OTLP_ENDPOINT") !== undefined ||
    getStringFromEnv(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`) !== undefined
  );
}

function protocolOf(signal: Signal, logger: Logger): Protocol {
  const asked =
    getStringFromEnv(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`) ??
    getStringFromEnv("OTEL_EXPORTER_OTLP_PROTOCOL") ??
    "http/protobuf";
  if (isProtocol(asked)) return asked;
  logger.warn(
    `Cannot export ${signal} over "${asked}", using "http/protobuf": grpc and http/json are the others`,
  );
  return "http/protobuf";
}

function isProtocol(name: string): name is Protocol {
  return Object.hasOwn(exporters.traces, name);
}

/** Without an endpoint of ours the exporter reads `OTEL_EXPORTER_OTLP_*` itself. */
function addressOf(signal: Signal, protocol: Protocol, endpoint: string | undefined): { url?: string } {
  if (endpoint === undefined) return {};
  return { url: protocol === "grpc" ? endpoint : `${endpoint.replace(/\/+$/, "")}/v1/${signal}` };
}

function positiveFromEnv(name: string, fallback: number): number {
  const value = getNumberFromEnv(name);
  return value !== undefined && value > 0 ? value : fallback;
}
