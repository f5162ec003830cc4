import { readFile } from "node:fs/promises";
import { Kernel } from "./kernel.ts";
import { oldestLandlockAbi, readLandlockAbi } from "./landlock.ts";
import { levelLabel } from "./level-label.ts";

/** What this kernel offers to hold a plugin in. */
export interface KernelLevel {
  /** Landlock's ABI version, 1 and up; 0 when the kernel has none or it is switched off. */
  readonly landlockAbi: number;
  readonly hasSeccomp: boolean;
  /** Whether that is enough to run a script held: Landlock from ABI 3 on, which is Linux 6.2, and seccomp. */
  readonly canHold: boolean;
  /** `landlock:7+seccomp`, `seccomp`, or `none`. */
  readonly label: string;
}

const nothing: KernelLevel = { landlockAbi: 0, hasSeccomp: false, canHold: false, label: "none" };

/** Asks the kernel, changing nothing. On any system but Linux the answer is `none`. */
export async function readKernelLevel(platform: NodeJS.Platform = process.platform): Promise<KernelLevel> {
  using kernel = platform === "linux" ? Kernel.open() : null;
  if (kernel === null) return nothing;
  const landlockAbi = readLandlockAbi(kernel);
  const hasSeccomp = /^Seccomp:/m.test(await readFile("/proc/self/status", "utf8"));
  return {
    landlockAbi,
    hasSeccomp,
    canHold: landlockAbi >= oldestLandlockAbi && hasSeccomp,
    label: levelLabel(landlockAbi, hasSeccomp),
  };
}
