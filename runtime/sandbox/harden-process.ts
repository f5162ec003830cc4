import { Kernel } from "./kernel.ts";
import { identity, type Numbers, threads } from "./system-calls.ts";

/** What of this process's memory the kernel keeps from others. */
export interface Hardening {
  /** No core file holds it, and no other process of the same user, root aside, reads it. */
  readonly isUndumpable: boolean;
  /** The secrets are not written to swap. */
  readonly isLocked: boolean;
}

/** `PR_SET_DUMPABLE` of linux/prctl.h. */
const setDumpable = 4;
/** `RLIMIT_CORE` of asm-generic/resource.h. */
const coreLimit = 4;
/** Of x86_64 and aarch64, as in `system-calls.ts`, which lists what a held process may call. */
const mlock: Numbers = [149, 228];

/**
 * Keeps this process's memory out of core files and from debuggers, and these bytes out of swap as far as
 * `RLIMIT_MEMLOCK` allows. A program that this one executes may be dumped again. On any other system than Linux nothing
 * happens.
 *
 * @param secrets MUST stay where they are for as long as they are in use, as bytes of an `ArrayBuffer` do
 */
export function hardenProcess(secrets: readonly Uint8Array[]): Hardening {
  using kernel = process.platform === "linux" ? Kernel.open() : null;
  if (kernel === null) return { isUndumpable: false, isLocked: false };
  // The hard limit too, so that nothing in this process lifts it again.
  const isCoreless = kernel.call(identity.prlimit64, 0, coreLimit, BigUint64Array.of(0n, 0n), 0) === 0;
  const isUndumpable = kernel.call(threads.prctl, setDumpable, 0, 0, 0, 0) === 0;
  const isLocked = secrets.every((bytes) => kernel.call(mlock, bytes, bytes.byteLength) === 0);
  return { isUndumpable: isCoreless && isUndumpable, isLocked };
}
