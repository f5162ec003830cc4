import { dirname, join, resolve } from "node:path";
import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { type AuditSink, type HostOptions, lockFileName, PluginPins } from "../host/index.ts";
import { AuditFile, type Storage } from "../storage/index.ts";
import type { AppOptions } from "./app-options.ts";
import { AuditTrail } from "./audit-trail.ts";
import { definedOf } from "./defined.ts";
import { storagePaths } from "./open-app-storage.ts";
import { appliedFileOf } from "./reload/applied-file.ts";

/** What holds plugins, beside their grants. */
export interface PluginSafety {
  readonly host: Pick<HostOptions, "audit" | "pins" | "askPermission" | "httpSecrets"> &
    Required<Pick<HostOptions, "secretPaths">>;
  /** Forgets what of the record is over. */
  prune(): Promise<void>;
  /** Writes what of the record still waits. */
  stop(): Promise<void>;
}

/** Puts together the record, the pins, and the secrets that a configuration names. */
export function createPluginSafety(
  options: AppOptions,
  { storage, clock, logger }: { readonly storage: Storage; readonly clock: Clock; readonly logger: Logger },
): PluginSafety {
  const { config, baseFolder, askPermission, onAudit } = options;
  const { database, keyFile } = storagePaths(options);
  const { maxFileBytes: maxBytes, maxEntries, maxAgeMs } = config.audit;
  const path = database === ":memory:" ? null : join(dirname(database), "audit.jsonl");
  const lockFile = resolve(baseFolder, lockFileName);
  const appliedFile = appliedFileOf(options);
  const file = path === null ? null : new AuditFile({ path, maxBytes });
  const trail = config.audit.enabled
    ? new AuditTrail({ store: storage.audit, file, clock, logger, maxEntries, maxAgeMs })
    : null;
  return {
    prune: async () => trail?.prune(),
    stop: async () => trail?.stop(),
    host: {
      ...definedOf({ audit: bothOf(trail, onAudit), askPermission }),
      pins: new PluginPins({ path: lockFile, logger }),
      httpSecrets: Object.entries(config.http.secrets).map(([name, secret]) => ({ name, ...secret })),
      secretPaths: [
        ...[database, keyFile, lockFile, resolve(baseFolder, config.admin.tokenFile)],
        ...(path === null ? [] : AuditFile.pathsOf(path)),
        ...(appliedFile === null ? [] : [appliedFile]),
      ],
    },
  };
}

function bothOf(trail: AuditSink | null, onAudit: AuditSink["note"] | undefined): AuditSink | undefined {
  if (onAudit === undefined) return trail ?? undefined;
  return {
    note(entry) {
      onAudit(entry);
      trail?.note(entry);
    },
  };
}
