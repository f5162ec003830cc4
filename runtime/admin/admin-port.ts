import type { TraceRecord, TrackedError } from "../../telemetry/index.ts";
import type { AuthorizationReport } from "./authorization-report.ts";
import type { LoginPort } from "./login-port.ts";
import type { PlanReport } from "./plan-report.ts";
import type {
  AccountReport,
  AuditQuery,
  AuditReport,
  CheckReport,
  DeadLetterReport,
  EventReport,
  JournalReport,
  PluginReport,
} from "./reports.ts";
import type { SessionReport } from "./session-report.ts";

/** What the admin API needs of the running program. */
export interface AdminPort {
  accounts(): readonly AccountReport[];
  /** Looks whether an account can be used now; MUST reject with category `NOT_FOUND` for one that there is none of. */
  checkAccount(name: string): Promise<CheckReport>;
  /** Logins in steps. */
  readonly logins: LoginPort;
  /** Every session that the program has, by account name; MUST hold no key. */
  sessions(): Promise<readonly SessionReport[]>;
  /** The sessions of an account; MUST reject with category `NOT_FOUND` for an account without one; so does the next. */
  authorizations(account: string): Promise<readonly AuthorizationReport[]>;
  /** Gives the account a session with a new key; MUST reject as `authorizations` does. */
  rotateSession(account: string): Promise<void>;
  /** MUST reject with category `NOT_FOUND` for a session that there is none of. */
  endAuthorization(account: string, id: string): Promise<void>;
  plugins(): readonly PluginReport[];
  /** MUST reject with category `NOT_FOUND` for a name that is not in the configuration; so do the next two. */
  restartPlugin(name: string): Promise<void>;
  disablePlugin(name: string): Promise<void>;
  enablePlugin(name: string): Promise<void>;
  /** As the three above; MUST reject when the new code does not start, and leave the old one running. */
  reloadPlugin(name: string): Promise<void>;
  /** What would change if the configuration file were applied; MUST hold no secret. MUST reject when it cannot be used. */
  planConfig(): Promise<PlanReport>;
  /** Applies it, whole or not at all; MUST reject where nothing was changed. */
  applyConfig(): Promise<PlanReport>;
  /** The latest events, the newest first; MUST hold nothing that people wrote. */
  recentEvents(limit: number): readonly EventReport[];
  /** MUST reject, or resolve with `ok: false`, when the database cannot be used. */
  checkDatabase(): Promise<{ readonly ok: boolean; readonly problem?: string | undefined }>;
  /** What waits for the plugins; a problem makes the program's health degraded. */
  journal(): Promise<JournalReport>;
  /** The newest first; MUST hold nothing that people wrote. */
  deadLetters(limit: number): Promise<readonly DeadLetterReport[]>;
  /** MUST reject with category `NOT_FOUND` for a number that there is none of; so does the next. */
  replayDeadLetter(id: string): Promise<void>;
  dropDeadLetter(id: string): Promise<void>;
  /** What plugins did and were refused, the newest first; MUST hold nothing that people wrote. */
  audit(query: AuditQuery): Promise<readonly AuditReport[]>;
  errors(): readonly TrackedError[];
  /** Text format of Prometheus. */
  metricsText(): Promise<string>;
  /** The latest traces, the newest first. */
  recentTraces(limit: number): readonly TraceRecord[];
}
