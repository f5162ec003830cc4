import { type ProcessUse, readProcessUse, readTreeUse } from "./process-use.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";
import type { ExceededLimit } from "./sandboxed-process.ts";

/** How often a process is looked at. */
const periodMs = 100;

/** Looks at a process until the signal fires, and tells each time that it is past a limit. */
export function watchLimits(
  pid: number,
  { limits, allowSubprocesses }: SandboxPolicy,
  signal: AbortSignal,
  onExceeded: (limit: ExceededLimit) => void,
): void {
  const readUse = allowSubprocesses ? readTreeUse : readProcessUse;
  const timer = setInterval(async () => {
    const use = await readUse(pid);
    const exceeded = use === null ? null : exceededLimit(use, limits);
    if (exceeded !== null && !signal.aborted) onExceeded(exceeded);
  }, periodMs);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** The limit that a process is past; `null` when it keeps to all. */
export function exceededLimit(use: ProcessUse, limits: SandboxPolicy["limits"]): ExceededLimit | null {
  if (use.memoryBytes > limits.memoryBytes) return "memory";
  return use.threads > limits.processes ? "processes" : null;
}
