export type { TelemetryOptions, TelemetrySdk } from "./start-telemetry.ts";
export { startTelemetry } from "./start-telemetry.ts";
