import type { Subprocess } from "bun";
import { hasCode } from "../contract/index.ts";
import { watchLimits } from "./limit-watch.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";
import type { ExceededLimit, SandboxedProcess } from "./sandboxed-process.ts";

/**
 * Follows a child until its end, ends it when it passes a limit, and with it the processes that it made.
 *
 * @param level what the kernel enforces on it; `none` when it is not held
 */
export function followChild(
  child: Subprocess<"pipe", "pipe", "pipe">,
  level: string,
  policy: SandboxPolicy,
): SandboxedProcess {
  const { pid, stdin, stdout, stderr } = child;
  const ended = new AbortController();
  const hasGroup = level !== "none" && policy.allowSubprocesses;
  let exceeded: ExceededLimit | null = null;
  const kill = () => {
    child.kill("SIGKILL");
    if (hasGroup) killGroup(pid);
  };
  watchLimits(pid, policy, ended.signal, (limit) => {
    exceeded ??= limit;
    kill();
  });
  const exited = child.exited.then(() => {
    ended.abort();
    if (hasGroup) killGroup(pid);
    const { exitCode, signalCode } = child;
    return { exitCode, signal: signalCode === null ? null : String(signalCode), exceeded };
  });
  return { pid, stdin, stdout, stderr, exited, level, kill };
}

/** Ends the group that the launcher began and that no process of it can leave. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody of the group is left, or its number is already another user's.
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}
