import { join } from "node:path";
import {
  type LaunchOptions,
  launchSandboxed,
  readKernelLevel,
  type SandboxExit,
  type SandboxPolicy,
} from "../../runtime/sandbox/index.ts";

/** Whether this system can hold a script; where it cannot, the tests that need it are left out, and this says why. */
export const canHold = await askKernel();

async function askKernel(): Promise<boolean> {
  const level = await readKernelLevel();
  if (!level.canHold)
    process.stderr.write(`Tests of held scripts are left out: the kernel offers "${level.label}"\n`);
  return level.canHold;
}

/** A policy that grants nothing but a place to write. */
export function policyFor(folder: string, rest: Partial<SandboxPolicy> = {}): SandboxPolicy {
  return {
    readFiles: [],
    readFolders: [],
    listFolders: [],
    writeFolders: [folder],
    executables: [],
    allowSubprocesses: false,
    limits: { memoryBytes: 512 * 1024 ** 2, openFiles: 128, processes: 64, fileSizeBytes: 1024 ** 2 },
    ...rest,
  };
}

/** Path of one of the scripts in `guests`. */
export function guest(name: string): string {
  return join(import.meta.dirname, "guests", `${name}.ts`);
}

/** What a held script said until its end. */
export interface Said {
  readonly level: string;
  readonly output: string;
  readonly errors: string;
  readonly exit: SandboxExit;
}

/** Launches a script and waits for its end; its folder `guests` may be read. */
export async function runHeld(options: LaunchOptions): Promise<Said> {
  const { policy } = options;
  const readFolders = [...policy.readFolders, join(import.meta.dirname, "guests")];
  const held = await launchSandboxed({ ...options, policy: { ...policy, readFolders } });
  const [output, errors, exit] = await Promise.all([
    new Response(held.stdout).text(),
    new Response(held.stderr).text(),
    held.exited,
  ]);
  return { level: held.level, output, errors, exit };
}
