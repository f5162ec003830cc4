import type { Subprocess } from "bun";
import { watchLimits } from "./limit-watch.ts";
import type { SandboxLimits } from "./sandbox-policy.ts";
import type { ExceededLimit, SandboxedProcess } from "./sandboxed-process.ts";

/** Follows a child until its end, and ends it when it passes a limit. */
export function followChild(
  child: Subprocess<"pipe", "pipe", "pipe">,
  level: string,
  limits: SandboxLimits,
): SandboxedProcess {
  const ended = new AbortController();
  let exceeded: ExceededLimit | null = null;
  watchLimits(child.pid, limits, ended.signal, (limit) => {
    exceeded ??= limit;
    child.kill("SIGKILL");
  });
  const exited = child.exited.then(() => {
    ended.abort();
    const { exitCode, signalCode } = child;
    return { exitCode, signal: signalCode === null ? null : String(signalCode), exceeded };
  });
  const { pid, stdin, stdout, stderr } = child;
  return { pid, stdin, stdout, stderr, exited, level, kill: () => child.kill("SIGKILL") };
}
