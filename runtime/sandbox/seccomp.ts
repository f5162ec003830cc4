import { ptr } from "bun:ffi";
import type { Kernel } from "./kernel.ts";
import { subprocesses } from "./system-calls.ts";

/** `SECCOMP_SET_MODE_FILTER` of linux/seccomp.h. */
const setFilter = 1;
/** `SECCOMP_FILTER_FLAG_TSYNC`: holds every thread of the process, not only the one that calls. */
export const everyThread = 1;

/**
 * Adds a filter to those in force, for ever, also over what is executed; no-new-privileges must be set.
 *
 * @param flags `everyThread`, or 0 for the calling thread
 * @returns 0, or the negative number of the kernel's error
 */
export function installFilter(kernel: Kernel, filter: Uint8Array, flags: number): number {
  // struct sock_fprog: the count of instructions, padding, their address.
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, filter.length / 8, true);
  program.setBigUint64(8, BigInt(ptr(filter)), true);
  return kernel.call(subprocesses.seccomp, setFilter, flags, new Uint8Array(program.buffer));
}
