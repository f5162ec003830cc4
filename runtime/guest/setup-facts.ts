import type { AccountRef, PluginName } from "../contract/index.ts";

/** What a plugin's process is told when its plugin is set up. */
export interface SetupFacts {
  readonly name: PluginName;
  /** As the YAML entry has it; the plugin's schema checks it. */
  readonly config: unknown;
  /** The accounts of the entry that the program has, the default first. */
  readonly accounts: readonly AccountRef[];
  /** Folder of the configuration file. */
  readonly baseFolder: string;
  /** The time, where the program has another than the machine's; it is told again as it passes. */
  readonly nowMs: number | null;
  /** Time for what the plugin undoes when it stops. */
  readonly stopTimeoutMs: number;
}
