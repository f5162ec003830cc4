export type { LoginPrompts } from "../telegram/index.ts";
export type { AdminAddress, App } from "./app.ts";
export { createApp } from "./app.ts";
export type { AppOptions, AppTelemetry } from "./app-options.ts";
export type { ReadConfig } from "./check-plugins.ts";
export { checkPlugins } from "./check-plugins.ts";
export { describePlugin, type PluginDescription } from "./describe-plugin.ts";
export type { DiagnosisOptions, Finding } from "./diagnose.ts";
export { diagnose } from "./diagnose.ts";
