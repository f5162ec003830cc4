export {
  checkPluginConfig,
  loadPlugin,
  type PluginConfigCheck,
  type PluginConfigIssue,
} from "../guest/index.ts";
export type { AuditEntry, AuditSink, AuditVerdict } from "./audit.ts";
export type { CallLimits } from "./call-limiter.ts";
export { findPlugin } from "./find-plugin.ts";
export { createHost, type Host } from "./host.ts";
export type { HttpSecret } from "./http-secret.ts";
export { type Inspection, inspectPlugin, manifestOfFiles } from "./inspect-plugin.ts";
export { type InspectionSite, policyOf, rootOf } from "./open-module.ts";
export type { AskPermission, PermissionQuestion } from "./permission-question.ts";
export { fetchPlugin, isUrl } from "./plugin-from-url.ts";
export { hashPlugin } from "./plugin-hash.ts";
export { lockFileName, type PluginLock, type PluginPin, readLock, writeLock } from "./plugin-lock.ts";
export {
  checkPin,
  type FoundPlugin,
  type PinCheck,
  PluginPins,
  pinOf,
  requirePin,
  type WiderRequest,
} from "./plugin-pins.ts";
export { pluginRootOf } from "./plugin-root.ts";
export type { PluginCounters, PluginState, PluginStatus } from "./plugin-status.ts";
export type {
  DeadLetter,
  EventReading,
  HostAccounts,
  HostJournal,
  HostLimits,
  HostOptions,
  PluginEntry,
  PluginStoreBackend,
} from "./ports.ts";
export type { ScheduleBook } from "./schedule-book.ts";
