import type { PluginContext } from "../contract/index.ts";
import type { Manifest } from "../guest/index.ts";
import type { Scope } from "../scope/index.ts";
import type { Guard } from "./guard.ts";
import type { GuestProcess } from "./guest-process.ts";

/** What one life of a plugin is set up with. */
export interface PluginLife {
  readonly guard: Guard;
  /** Owns all that is made for this life. */
  readonly scope: Scope;
  /** @param config as the plugin's schema made it, where it is read in this process */
  readonly contextOf: (config: unknown) => PluginContext<unknown>;
}

/** A plugin that was found and looked at, wherever its code runs. */
export interface PluginModule {
  readonly manifest: Manifest;
  /**
   * Checks the configuration and runs `setup`.
   *
   * @returns the process that the plugin runs in; `null` when that is the program's own
   */
  setUp(life: PluginLife): Promise<GuestProcess | null>;
}
