export type { KernelLevel } from "./kernel-level.ts";
export { readKernelLevel } from "./kernel-level.ts";
export type { LaunchOptions } from "./launch-sandboxed.ts";
export { launchSandboxed } from "./launch-sandboxed.ts";
export type { ProcessUse } from "./process-use.ts";
export { readProcessUse, readResidentBytes } from "./process-use.ts";
export type { SandboxLimits, SandboxPolicy } from "./sandbox-policy.ts";
export type { ExceededLimit, SandboxExit, SandboxedProcess } from "./sandboxed-process.ts";
