import { closeSync, fstatSync } from "node:fs";
import type { Kernel } from "./kernel.ts";
import { everyFileAccess, everyNetworkAccess, everyScope, fileAccess } from "./landlock-access.ts";
import { files, launch } from "./system-calls.ts";

/** What a path and everything below it may be used for. */
export interface PathRule {
  readonly path: string;
  /** Bits of `access`. */
  readonly access: bigint;
}

/** The first ABI that decides on cutting files short; before it a file outside the policy could be emptied. */
export const oldestLandlockAbi = 3;

const networkAbi = 4;
const scopeAbi = 6;
/** `LANDLOCK_CREATE_RULESET_VERSION`: asks for the ABI and makes nothing. */
const versionFlag = 1;
/** `LANDLOCK_RULE_PATH_BENEATH`. */
const pathBeneath = 1;
/** `AT_FDCWD` of linux/fcntl.h, which an absolute path passes over. */
const workingFolder = -100;
/** `O_PATH | O_CLOEXEC` of asm-generic/fcntl.h: enough to name a file, too little to read it. */
const pathOnly = 0o12000000;

/** `ENOENT`, `EACCES`, `ENOTDIR`, `ELOOP` of asm-generic/errno.h: there is nothing there, or not for this user. */
const unreachable: readonly number[] = [2, 13, 20, 40];

/** The ABI version that the kernel offers, 0 when it has no Landlock or has it switched off. */
export function readLandlockAbi(kernel: Kernel): number {
  return Math.max(0, kernel.call(launch.landlock_create_ruleset, 0, 0, versionFlag));
}

/**
 * Holds this thread, and what it executes, to the rules for ever; a path that does not exist gives nothing. All rights
 * on files, TCP ports, signals, and abstract sockets that the ABI knows are refused where no rule gives them.
 *
 * @returns 0, or the negative number of the kernel's error
 */
export function restrictPaths(kernel: Kernel, abi: number, rules: readonly PathRule[]): number {
  const known = everyFileAccess(abi);
  const attributes = BigUint64Array.of(
    known,
    ...(abi >= networkAbi ? [everyNetworkAccess] : []),
    ...(abi >= scopeAbi ? [everyScope] : []),
  );
  const ruleset = kernel.call(launch.landlock_create_ruleset, attributes, attributes.byteLength, 0);
  if (ruleset < 0) return ruleset;
  for (const rule of rules) {
    const added = addRule(kernel, ruleset, { ...rule, access: rule.access & known });
    if (added < 0) return added;
  }
  return kernel.call(launch.landlock_restrict_self, ruleset, 0);
}

function addRule(kernel: Kernel, ruleset: number, { path, access }: PathRule): number {
  const descriptor = kernel.call(
    files.openat,
    workingFolder,
    new TextEncoder().encode(`${path}\0`),
    pathOnly,
    0,
  );
  if (descriptor < 0) return unreachable.includes(-descriptor) ? 0 : descriptor;
  try {
    // struct landlock_path_beneath_attr, packed: the rights, then the descriptor.
    const rule = new DataView(new ArrayBuffer(12));
    rule.setBigUint64(0, fstatSync(descriptor).isDirectory() ? access : access & fileAccess, true);
    rule.setInt32(8, descriptor, true);
    return kernel.call(launch.landlock_add_rule, ruleset, pathBeneath, new Uint8Array(rule.buffer), 0);
  } finally {
    closeSync(descriptor);
  }
}
