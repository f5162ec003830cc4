import type { Logger } from "../../telemetry/index.ts";
import type { EventBus } from "../bus/index.ts";
import type {
  AccountName,
  AccountRef,
  Clock,
  JsonValue,
  PermissionSet,
  PluginName,
  StoreEntry,
  StoreSetOptions,
  Telegram,
  TelegraphistEvent,
} from "../contract/index.ts";
import type { KernelLevel } from "../sandbox/index.ts";
import type { AuditSink } from "./audit.ts";
import type { CallLimits } from "./call-limiter.ts";
import type { HttpSecret } from "./http-secret.ts";
import type { AskPermission } from "./permission-question.ts";
import type { PluginPins } from "./plugin-pins.ts";
import type { ScheduleBook } from "./schedule-book.ts";

/** The accounts that plugins may be given. */
export interface HostAccounts {
  refs(): readonly AccountRef[];
  /** The unguarded port; the host wraps it before a plugin sees it. */
  telegramOf(name: AccountName): Telegram;
}

/** Where plugins' stores are kept. Implementations MUST have a value on disk before `set` resolves. */
export interface PluginStoreBackend {
  get(plugin: PluginName, key: string): Promise<JsonValue | undefined>;
  set(plugin: PluginName, key: string, value: JsonValue, options?: StoreSetOptions): Promise<void>;
  delete(plugin: PluginName, key: string): Promise<boolean>;
  list(
    plugin: PluginName,
    prefix: string,
    options: { readonly limit: number; readonly after?: string },
  ): Promise<readonly StoreEntry<JsonValue>[]>;
}

/** A plugin's reading of the events that were received. */
export interface EventReading {
  /** MUST hand out nothing more, and MUST still count what the plugin handles. */
  pause(): void;
  /** MUST remember what the plugin has handled. */
  close(): Promise<void>;
}

/** An event that a plugin was given too often in vain. */
export interface DeadLetter {
  readonly plugin: PluginName;
  readonly event: TelegraphistEvent;
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string };
}

/** Where events wait until a plugin has handled them; it hands them to the plugin's subscriptions by the bus. */
export interface HostJournal {
  open(plugin: PluginName): Promise<EventReading>;
  /** MUST forget where the plugin stands. */
  withdraw(plugin: PluginName): Promise<void>;
  /** MUST remember how often the plugin was given the event in vain; the latest word holds. */
  noteAttempts(plugin: PluginName, seq: number, attempts: number): Promise<void>;
  /** @returns the number of the dead letter */
  bury(letter: DeadLetter): Promise<string>;
}

/** A plugin's entry in the configuration. */
export interface PluginEntry {
  readonly name: PluginName;
  /** A bundled plugin's name, a path, an npm package, or an address. */
  readonly use: string;
  /** @default true */
  readonly enabled?: boolean;
  readonly accounts: readonly AccountName[];
  readonly allow: PermissionSet;
  readonly deny: PermissionSet;
  /** As it was written; the plugin's schema checks it. */
  readonly config: unknown;
  /** Where its code runs; `inline` has the whole program in its reach. @default "process" */
  readonly isolation?: PluginIsolation;
  /** Whether it may run where nothing holds it. @default false */
  readonly trusted?: boolean;
}

/** A process of its own, held by the kernel, or the program's own process. */
export type PluginIsolation = "process" | "inline";

export interface HostLimits {
  /** Time for one handler. @default 60_000 */
  readonly handlerTimeoutMs?: number;
  /** Time for `setup`, loading included. @default 30_000 */
  readonly setupTimeoutMs?: number;
  /** Time for all that a plugin does when it stops. @default 10_000 */
  readonly stopTimeoutMs?: number;
  /** Time for the handlers of a plugin that is reloaded to end; then they are told to. @default 10_000 */
  readonly drainTimeoutMs?: number;
  /** How often a handler is given an event that it fails at. @default 5 */
  readonly maxAttempts?: number;
  /** Calls of one plugin. @default none */
  readonly plugin?: CallLimits;
  /** Memory of a plugin's process past which it is ended. @default 512 MiB */
  readonly pluginMemoryBytes?: number;
  /** Time in which a plugin's process must answer that it is there. @default 15_000 */
  readonly pluginSilenceMs?: number;
  /** Time between two looks at a plugin's process. @default 5_000 */
  readonly heartbeatMs?: number;
  /** Time until a plugin is started again whose process has ended; it doubles each time. @default 1_000 */
  readonly restartDelayMs?: number;
}

export interface HostOptions {
  readonly bus: EventBus;
  readonly accounts: HostAccounts;
  readonly store: PluginStoreBackend;
  /** @default none: what a plugin wants kept of its schedules is forgotten */
  readonly schedules?: ScheduleBook;
  /** @default none: a plugin is given what is emitted while it runs, once */
  readonly journal?: HostJournal;
  readonly logger: Logger;
  readonly clock: Clock;
  /** What plugins take for the time, and what their schedules go by. @default `clock` */
  readonly pluginClock?: Clock;
  /** The folder of the configuration file; relative paths and packages are looked up from it. */
  readonly baseFolder: string;
  /** Files that no plugin may read or write, whatever its entry grants: the database, its key. @default none */
  readonly secretPaths?: readonly string[];
  readonly limits?: HostLimits;
  /** Where each plugin has a folder of its own, named as it is. */
  readonly pluginFolder: string;
  /** Of which a plugin's process is given what its entry grants. @default nothing */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether plugins that are not trusted run where the system cannot hold them. @default false */
  readonly runsUnheld?: boolean;
  /** What this system can hold plugins by. @default the kernel is asked */
  readonly readLevel?: () => Promise<KernelLevel>;
  /** @default nobody is told */
  readonly audit?: AuditSink;
  /** @default a plugin starts whatever it was before */
  readonly pins?: PluginPins;
  /** @default nobody is asked, and what is open stays refused */
  readonly askPermission?: AskPermission;
  /** What the host puts into plugins' requests. @default none */
  readonly httpSecrets?: readonly HttpSecret[];
}
