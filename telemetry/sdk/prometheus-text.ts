import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";

/** Collects metrics when asked, for a page that someone else serves. */
export interface PrometheusText {
  readonly reader: IMetricReader;
  text(): Promise<string>;
}

/** Makes a reader that opens no port of its own. */
export function createPrometheusText(): PrometheusText {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer();
  return {
    reader,
    async text() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}
