import type { PluginContext } from "../contract/index.ts";
import type { Manifest } from "../guest/index.ts";
import type { Scope } from "../scope/index.ts";
import type { Guard } from "./guard.ts";
import type { GuestProcess } from "./guest-process.ts";

/** What one life of a plugin is set up with. */
export interface PluginSetup {
  readonly guard: Guard;
  /** Owns all that is made for this life. */
  readonly scope: Scope;
  /** @param config as the plugin's schema made it, where it is read in this process */
  readonly contextOf: (config: unknown) => PluginContext<unknown>;
  /** Aborted when its time to be set up is over. */
  readonly signal: AbortSignal;
}

/** A plugin that was found and looked at, wherever its code runs. */
export interface PluginModule {
  readonly manifest: Manifest;
  /** Of its files, as `hashPlugin` gives it. */
  readonly hash: string;
  /**
   * Checks the configuration and runs `setup`.
   *
   * @returns the process that the plugin runs in; `null` when that is the program's own
   */
  setUp(setup: PluginSetup): Promise<GuestProcess | null>;
}
