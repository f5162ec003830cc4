export type { LoginReport } from "../admin/index.ts";
export type { AskPermission } from "../host/index.ts";
export { lockFileName } from "../host/index.ts";
export type { AuditRow } from "../storage/index.ts";
export {
  type Authorization,
  type CodeAnswer,
  type CodeChannel,
  type CodeRequest,
  isAtRest,
  type LoginPrompts,
  type LoginWay,
  loginAttempts,
  loginHint,
  type QrPrompts,
  type SessionFormat,
  sessionFormats,
} from "../telegram/index.ts";
export { createApp } from "./app.ts";
export type { AdminAddress, App } from "./app-face.ts";
export type { AppOptions, AppTelemetry } from "./app-options.ts";
export { checkPlugins } from "./check-plugins.ts";
export type { DescriptionSite, PluginDescription } from "./describe-plugin.ts";
export { describeNewPlugin, describePlugin, descriptionSiteOf } from "./describe-plugin.ts";
export type { DiagnosisOptions, Finding } from "./diagnose.ts";
export { databaseSubject, diagnose } from "./diagnose.ts";
export { type FitConfig, readConfig } from "./fit-config.ts";
export { readAudit } from "./read-audit.ts";
export type { ReadConfig } from "./read-config.ts";
export type { KeyChange } from "./reload/config-keys.ts";
export { type ConfigPlan, type PluginPlan, planOf } from "./reload/config-plan.ts";
export { lastState, wantedState } from "./reload/config-state.ts";
export { type FileWatch, watchFiles } from "./reload/watch-files.ts";
export { repairSessions } from "./repair-sessions.ts";
export { acceptPlugin, type PluginReview, pinPlugin, reviewPlugin } from "./review-plugin.ts";
export type { SessionReport, Sessions } from "./sessions.ts";
export type { KeyRotation, KeyStatus } from "./vault-keys.ts";
export { checkKeys, keyStatus, lockKeyFile, newKey, rotateKey } from "./vault-keys.ts";
