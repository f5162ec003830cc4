export { createAccount } from "./account.ts";
export type { Account, AccountOptions } from "./account-face.ts";
export { type AccountPool, type AccountPoolOptions, createAccountPool } from "./account-pool.ts";
export type { AccountHealth, AccountState, AccountStats } from "./account-state.ts";
export { isReachable } from "./account-state.ts";
export type { ApiIdentity, Device } from "./connection.ts";
export type { DataCentre, ServerOptions } from "./data-centres.ts";
export type { CodeRequest, LoginPrompts } from "./login.ts";
export type { RpcOptions, RpcPort } from "./rpc-port.ts";
