import type { Clock } from "./clock.ts";
import { TelegraphistError } from "./error.ts";
import type { AccountRef } from "./events.ts";
import type { Subscribe } from "./handler.ts";
import type { Http } from "./http.ts";
import type { AccountName, PluginName } from "./ids.ts";
import type { Log } from "./log.ts";
import type { PermissionSet } from "./permission.ts";
import type { Schedule } from "./schedule.ts";
import type { Schema, Store, StoreView } from "./store.ts";
import type { Telegram } from "./telegram.ts";

/** All that a plugin has; everything made through it is undone when the plugin stops. */
export interface PluginContext<Config> {
  /** The name under `plugins:`, which may differ from the manifest's when a plugin is used twice. */
  readonly name: PluginName;
  /** As the plugin's schema made it. */
  readonly config: Config;
  /** The accounts that the YAML entry gives it, at least one, the first being the default. */
  readonly accounts: readonly AccountRef[];
  /** The port of the first account. */
  readonly telegram: Telegram;
  /** @throws {TelegraphistError} `PERMISSION_DENIED` when the entry does not give it that account */
  telegramOf(account: AccountName): Telegram;
  readonly on: Subscribe;
  readonly store: Store;
  /** A part of the store under a prefix, its values checked by a schema. */
  storeView<Value>(prefix: string, schema: Schema<Value>): StoreView<Value>;
  readonly log: Log;
  readonly http: Http;
  readonly schedule: Schedule;
  readonly clock: Clock;
  /** Aborted when the plugin is told to stop. */
  readonly signal: AbortSignal;
  /** Runs when the plugin stops, last registered first. */
  onDispose(dispose: () => void | Promise<void>): void;
  /** A path of the configuration made absolute against the configuration file's folder. */
  resolvePath(path: string): string;
}

export interface PluginDefinition<Config> {
  /** Lower-case letters, digits, `-` and `_`. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** One sentence, as the admin API lists it. */
  readonly description: string;
  /** Checks and completes the `config:` of the YAML entry. */
  readonly config: Schema<Config>;
  /** What the plugin asks for; it gets what the YAML entry allows of it, and never more than it asked for. */
  readonly permissions: PermissionSet;
  /** Names of plugins that must have started before this one. @default [] */
  readonly requires?: readonly string[];
  /**
   * Subscribes and starts. Long work belongs into handlers and schedules: it has 30 s.
   */
  setup(context: PluginContext<Config>): void | Promise<void>;
}

/** A definition that has been looked over; the host takes nothing else. */
export interface Plugin<Config = unknown> extends PluginDefinition<Config> {
  readonly kind: "telegraphist.plugin";
  /** Raised when a change of the contract would break plugins made for the older one. */
  readonly contractVersion: 1;
}

/**
 * Makes a plugin. A module's default export must be its result.
 *
 * @throws {TelegraphistError} `PLUGIN_INVALID` when the name, version, or `setup` cannot be used
 */
export function definePlugin<Config>(definition: PluginDefinition<Config>): Plugin<Config> {
  const fault = faultOf(definition);
  if (fault !== null) {
    throw new TelegraphistError({ code: "PLUGIN_INVALID", category: "PLUGIN", message: fault });
  }
  return Object.freeze({ ...definition, kind: "telegraphist.plugin", contractVersion: 1 });
}

function faultOf<Config>(definition: PluginDefinition<Config>): string | null {
  const name = JSON.stringify(definition.name);
  if (typeof definition.name !== "string" || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(definition.name)) {
    return `Cannot define plugin as "name" must be lower-case letters, digits, "-" and "_": received ${name}`;
  }
  if (typeof definition.version !== "string" || !/^\d+\.\d+\.\d+/.test(definition.version)) {
    return `Cannot define plugin ${name} as "version" must be a semantic version: received ${JSON.stringify(definition.version)}`;
  }
  if (typeof definition.setup !== "function") {
    return `Cannot define plugin ${name} as "setup" must be a function: received ${typeof definition.setup}`;
  }
  if (typeof definition.config?.["~standard"]?.validate !== "function") {
    return `Cannot define plugin ${name} as "config" must be a Standard Schema: received ${typeof definition.config}`;
  }
  return null;
}
