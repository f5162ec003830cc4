import type { PluginCounters } from "./plugin-status.ts";

/** A plugin's counters while it runs. */
export type CallCounters = { -readonly [Name in keyof PluginCounters]: PluginCounters[Name] };
