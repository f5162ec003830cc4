import { dlopen, FFIType } from "bun:ffi";
import { readFile } from "node:fs/promises";

/** What this kernel offers to hold a plugin in. */
export interface KernelLevel {
  /** Landlock's ABI version, 1 and up; 0 when the kernel has none or it is switched off. */
  readonly landlockAbi: number;
  readonly hasSeccomp: boolean;
  /** `landlock:7+seccomp`, `seccomp`, or `none`. */
  readonly label: string;
}

const landlockCreateRuleset = 444;
/** `LANDLOCK_CREATE_RULESET_VERSION`: asks for the ABI and makes nothing. Source: linux/landlock.h. */
const versionFlag = 1;

/** Asks the kernel, changing nothing. On any system but Linux the answer is `none`. */
export async function readKernelLevel(platform: NodeJS.Platform = process.platform): Promise<KernelLevel> {
  if (platform !== "linux") return { landlockAbi: 0, hasSeccomp: false, label: "none" };
  const landlockAbi = landlockVersion();
  const hasSeccomp = /^Seccomp:/m.test(await readFile("/proc/self/status", "utf8"));
  const parts = [...(landlockAbi > 0 ? [`landlock:${landlockAbi}`] : []), ...(hasSeccomp ? ["seccomp"] : [])];
  return { landlockAbi, hasSeccomp, label: parts.length === 0 ? "none" : parts.join("+") };
}

function landlockVersion(): number {
  const libc = openLibc();
  if (libc === null) return 0;
  try {
    // A negative answer is ENOSYS or EOPNOTSUPP: no Landlock here.
    return Math.max(0, Number(libc.symbols.syscall(landlockCreateRuleset, null, 0, versionFlag)));
  } finally {
    libc.close();
  }
}

function openLibc() {
  const symbols = {
    syscall: { args: [FFIType.i64, FFIType.ptr, FFIType.u64, FFIType.u32], returns: FFIType.i64 },
  } as const;
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64";
  for (const name of ["libc.so.6", `libc.musl-${arch}.so.1`]) {
    try {
      return dlopen(name, symbols);
    } catch {
      // glibc's name is not there on musl, and the other way round; with neither nothing can be asked.
    }
  }
  return null;
}
