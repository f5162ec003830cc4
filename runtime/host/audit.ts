import type { AccountName, EventId, PermissionName, PluginName } from "../contract/index.ts";

/** `limited` is what was too much at a time; `failed` is what was allowed and did not come about. */
export type AuditVerdict = "allowed" | "denied" | "failed" | "limited";

/** Something that a plugin did or was refused. It holds no text, no secret, and nothing that a person wrote. */
export interface AuditEntry {
  /** When it was done; milliseconds since 1970. */
  readonly atMs: number;
  readonly plugin: PluginName;
  /** `null` for what concerns no account. */
  readonly account: AccountName | null;
  /** What it called, as `telegram.send`, `telegram.invoke messages.getStickers`, `http.request GET`, or `plugin.started`. */
  readonly call: string;
  /** The chat, host, or path that it was about, as far as it is known; at most 200 characters. */
  readonly target: string | null;
  readonly verdict: AuditVerdict;
  /** The permission that was lacking; `null` for what was not refused for want of one. */
  readonly permission: PermissionName | null;
  /** The code of the error that it ended with, or the one that the system refused it with, as `EACCES`. */
  readonly code: string | null;
  readonly durationMs: number | null;
  /** In whose handler it was done. */
  readonly eventId: EventId | null;
  /** How many of the same this stands for. */
  readonly count: number;
}

/** Where entries go. Implementations MUST return at once, MUST NOT throw, and MUST bound what waits. */
export interface AuditSink {
  note(entry: AuditEntry): void;
}
