import type { Kernel } from "./kernel.ts";
import type { SandboxLimits } from "./sandbox-policy.ts";
import { identity } from "./system-calls.ts";

/** `RLIMIT_*` of asm-generic/resource.h. */
const resource = {
  cpuSeconds: 0,
  fileSize: 1,
  coreSize: 4,
  openFiles: 7,
  lockedMemory: 8,
  pendingSignals: 11,
  messageQueues: 12,
  realtimePriority: 14,
} as const;

/**
 * Sets what the kernel bounds by itself; memory and threads are the watch's, as JavaScriptCore reserves far more
 * address space than it uses, and the kernel counts threads of the user, not of the process.
 *
 * @returns 0, or the negative number of the kernel's error
 */
export function limitResources(kernel: Kernel, limits: SandboxLimits): number {
  const wanted: readonly (readonly [number, number | undefined])[] = [
    [resource.cpuSeconds, limits.cpuSeconds],
    [resource.fileSize, limits.fileSizeBytes],
    [resource.openFiles, limits.openFiles],
    // 1 byte: nothing is too little to keep a program that takes dumps from being started. Source: core(5).
    [resource.coreSize, 1],
    [resource.lockedMemory, 0],
    // They and timers count against one sum of all that the user runs.
    [resource.pendingSignals, 256],
    [resource.messageQueues, 0],
    [resource.realtimePriority, 0],
  ];
  for (const [which, limit] of wanted) {
    const answer = limit === undefined ? 0 : lower(kernel, which, limit);
    if (answer < 0) return answer;
  }
  return 0;
}

/** Sets the soft and the hard limit, of which the hard one is never raised: root alone could. */
function lower(kernel: Kernel, which: number, limit: number): number {
  const now = new BigUint64Array(2);
  const asked = kernel.call(identity.prlimit64, 0, which, 0, now);
  if (asked < 0) return asked;
  const [, hard = 0n] = now;
  const bound = BigInt(limit) < hard ? BigInt(limit) : hard;
  return kernel.call(identity.prlimit64, 0, which, BigUint64Array.of(bound, bound), 0);
}
