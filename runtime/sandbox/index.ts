export type { KernelLevel } from "./kernel-level.ts";
export { readKernelLevel } from "./kernel-level.ts";
