export { findPlugin } from "./find-plugin.ts";
export { createHost, type Host } from "./host.ts";
export { loadPlugin } from "./load-plugin.ts";
export { checkPluginConfig, type PluginConfigCheck, type PluginConfigIssue } from "./plugin-config.ts";
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
