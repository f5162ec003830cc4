import type { AccountName, ErrorRecord, PermissionSet, PluginName } from "../contract/index.ts";
import type { GuestUse } from "./guest-process.ts";
import type { PluginIsolation } from "./ports.ts";

export type PluginState = "starting" | "running" | "failed" | "disabled" | "stopped";

export interface PluginCounters {
  /** Events and due schedules that its handlers were given. */
  readonly events: number;
  /** Handlers that failed or ran out of time. */
  readonly errors: number;
  /** Telegram calls and HTTP requests that it made. */
  readonly calls: number;
  /** Calls that its grants refused. */
  readonly denied: number;
}

/** One plugin, as an operator sees it. */
export interface PluginStatus {
  readonly name: PluginName;
  /** What the YAML entry names: a bundled plugin, a path, or a package. */
  readonly use: string;
  /** `null` until its module was loaded. */
  readonly version: string | null;
  readonly description: string | null;
  /** Of its files, as `sha256-` and hex; `null` until its module was loaded. */
  readonly hash: string | null;
  /** What it asks for. */
  readonly requested: PermissionSet;
  readonly accounts: readonly AccountName[];
  readonly isolation: PluginIsolation;
  /** Its process, while it has one. */
  readonly process: GuestUse | null;
  /** How often it was started again after its process had ended by itself. */
  readonly restarts: number;
  /** How often it went on with new code or settings. */
  readonly reloads: number;
  /** Why the last new code or settings did not start, and it goes on as it was; `null` when they did. */
  readonly reloadError: ErrorRecord | null;
  readonly state: PluginState;
  /** When it came into this state; milliseconds since 1970. */
  readonly sinceMs: number;
  /** Why it is `failed`. */
  readonly error: ErrorRecord | null;
  readonly counters: PluginCounters;
  readonly lastError: { readonly error: ErrorRecord; readonly atMs: number } | null;
}
