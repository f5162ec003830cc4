export { createAccount } from "./account.ts";
export type { Account, AccountOptions, AccountRepair } from "./account-face.ts";
export { type AccountPool, type AccountPoolOptions, createAccountPool } from "./account-pool.ts";
export type { AccountHealth, AccountState, AccountStats } from "./account-state.ts";
export { errorOf, isAtRest, isReachable } from "./account-state.ts";
export { authKeyIdOf } from "./auth-key-id.ts";
export type { Authorization } from "./authorizations.ts";
export type { ApiIdentity, Device } from "./connection.ts";
export { ConnectionBudget } from "./connection-budget.ts";
export type { DataCentre, ServerOptions } from "./data-centres.ts";
export type { CommitBatch, EventBatch } from "./engine/event-batch.ts";
export { loginHint } from "./error-meanings.ts";
export { isLoggedOut } from "./errors.ts";
export { restrictionHints } from "./flood/restriction.ts";
export { maxAttempts as loginAttempts } from "./login-port.ts";
export type {
  CodeAnswer,
  CodeChannel,
  CodeRequest,
  LoginPrompts,
  LoginWay,
  PasswordRequest,
  QrCode,
  QrPrompts,
  SessionImport,
} from "./login-prompts.ts";
export type { RpcOptions, RpcPort } from "./rpc-port.ts";
export { exportSession } from "./session-strings/export-session.ts";
export { type SessionFormat, sessionFormats } from "./session-strings/session-strings.ts";
