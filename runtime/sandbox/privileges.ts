import { readFileSync } from "node:fs";
import type { Kernel } from "./kernel.ts";
import { launch, threads } from "./system-calls.ts";

/** `PR_SET_NO_NEW_PRIVS` and `PR_CAPBSET_DROP` of linux/prctl.h. */
const noNewPrivileges = 38;
const dropFromBounding = 24;
/** `_LINUX_CAPABILITY_VERSION_3` of linux/capability.h. */
const capabilityVersion = 0x2008_0522;
/** `CAP_DAC_OVERRIDE`. */
const overrideFileModes = 1;

/** Lets no program that is executed gain rights, as by a set-user-id bit. */
export function renounceNewPrivileges(kernel: Kernel): number {
  return kernel.call(threads.prctl, noNewPrivileges, 1, 0, 0, 0);
}

/**
 * Gives up root's powers, also for programs that are executed. What stays, where it was, is passing over the modes of
 * files: the folders of a policy may belong to another user than root, and Landlock decides on files all the same.
 *
 * @returns 0, or the negative number of the kernel's error
 */
export function dropCapabilities(kernel: Kernel): number {
  const held = heldCapabilities(readFileSync("/proc/self/status", "utf8"));
  if (held === 0n) return 0;
  for (let capability = 0; capability < 64; capability++) {
    // The answer is an error past the last capability, and when this is no root; capset then takes what there is.
    if (capability !== overrideFileModes) kernel.call(threads.prctl, dropFromBounding, capability, 0, 0, 0);
  }
  const kept = Number(held & (1n << BigInt(overrideFileModes)));
  // struct __user_cap_header_struct with 0 for this thread, then two of effective, permitted, inheritable.
  const header = new Uint8Array(Uint32Array.of(capabilityVersion, 0).buffer);
  const sets = new Uint8Array(Uint32Array.of(kept, kept, 0, 0, 0, 0).buffer);
  return kernel.call(launch.capset, header, sets);
}

/** The capabilities in force, as a bit set, from the text of `/proc/<pid>/status`. */
function heldCapabilities(status: string): bigint {
  const hexadecimal = /^CapPrm:\s+([0-9a-f]+)$/m.exec(status)?.[1];
  return BigInt(`0x${hexadecimal ?? "0"}`);
}
