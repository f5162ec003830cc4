import { metrics } from "@opentelemetry/api";

/**
 * Reports the memory of the process at every collection of the registered provider, under the name of OpenTelemetry's
 * conventions (opentelemetry.io/docs/specs/semconv/system/process-metrics).
 */
export function observeProcess(): void {
  metrics
    .getMeter("telegraphist")
    .createObservableUpDownCounter("process.memory.usage", {
      unit: "By",
      description: "Physical memory in use",
    })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
}
