import type { ConfigDocument, TelegraphistConfig } from "../../config/index.ts";
import type { ErrorTracker, Logger, TraceRecord } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import type { AskPermission, AuditSink } from "../host/index.ts";

/** What the program shows of its own telemetry; fitted by the telemetry SDK where that was started. */
export interface AppTelemetry {
  metricsText(): Promise<string>;
  recentTraces(limit: number): readonly TraceRecord[];
}

export interface AppOptions {
  readonly config: TelegraphistConfig;
  /** What `config` was read from. Without it nothing can be planned or applied while the program runs. */
  readonly document?: ConfigDocument;
  /** Folder of the configuration file; relative paths in it are relative to this. */
  readonly baseFolder: string;
  readonly version: string;
  readonly logger: Logger;
  readonly errors: ErrorTracker;
  /** Without it the API shows no metrics and no traces. */
  readonly telemetry?: AppTelemetry;
  /** Where `TELEGRAPHIST_KEY` is read from. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default the machine's time */
  readonly clock?: Clock;
  /** What plugins take for the time, and what their schedules go by. @default `clock` */
  readonly pluginClock?: Clock;
  /** @default nobody is asked, and what is open stays refused */
  readonly askPermission?: AskPermission;
  /** Is told what plugins do and are refused as it happens. MUST NOT throw. @default nobody is */
  readonly onAudit?: AuditSink["note"];
}
