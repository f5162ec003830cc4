import { metrics, type ObservableResult } from "@opentelemetry/api";

/**
 * Reports the memory of the process at every collection, under the names of OpenTelemetry's conventions
 * (opentelemetry.io/docs/specs/semconv/system/process-metrics).
 *
 * @returns a function that ends the reports
 */
export function observeProcess(): () => void {
  const usage = metrics.getMeter("telegraphist").createObservableUpDownCounter("process.memory.usage", {
    unit: "By",
    description: "Physical memory in use",
  });
  const report = (result: ObservableResult) => result.observe(process.memoryUsage.rss());
  usage.addCallback(report);
  return () => usage.removeCallback(report);
}
