/** A processor that calls of the kernel are written for. */
export interface Architecture {
  /** Which of a call's numbers is its own. */
  readonly column: 0 | 1;
  /** `AUDIT_ARCH_*` of linux/audit.h. */
  readonly auditArch: number;
  /** First number of x32, a second ABI of the same processor; `null` where there is none. */
  readonly x32From: number | null;
}

export const x86_64: Architecture = { column: 0, auditArch: 0xc000_003e, x32From: 0x4000_0000 };
export const aarch64: Architecture = { column: 1, auditArch: 0xc000_00b7, x32From: null };

/** The processor that this program runs on; `null` for one that the sandbox does not know. */
export function ownArchitecture(name: NodeJS.Architecture = process.arch): Architecture | null {
  if (name === "x64") return x86_64;
  return name === "arm64" ? aarch64 : null;
}
