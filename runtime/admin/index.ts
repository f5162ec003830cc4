export { loadOrCreateToken } from "./access-token.ts";
export type { Admin, AdminOptions, ListenOptions } from "./admin.ts";
export { createAdmin } from "./admin.ts";
export type { AdminPort } from "./admin-port.ts";
export type { LoginAnswer, LoginPort, LoginReport, LoginStart, LoginStep } from "./login-port.ts";
export type {
  AccountReport,
  CheckReport,
  EventReport,
  HealthReport,
  JournalReport,
  PluginReport,
} from "./reports.ts";
export type { SessionReport } from "./session-report.ts";
