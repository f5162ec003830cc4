import { TelegraphistError } from "../contract/index.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";
import type { SandboxedProcess } from "./sandboxed-process.ts";

/** What to run, and how to hold it. */
export interface LaunchOptions {
  /** Absolute path of the TypeScript or JavaScript file; its folder need not be in the policy. */
  readonly script: string;
  /** @default [] */
  readonly args?: readonly string[];
  readonly policy: SandboxPolicy;
  /** The whole environment: nothing is inherited. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** `"none"` runs the script without any protection where the kernel has none to give. */
  readonly allowLevel?: "none";
}

/**
 * Runs a script in a Bun of its own that the kernel holds to the policy; resolves when it is held and about to run.
 *
 * @throws {TelegraphistError} `SANDBOX_UNAVAILABLE` when this system cannot hold it
 */
export async function launchSandboxed(options: LaunchOptions): Promise<SandboxedProcess> {
  const { script, args = [], env = {}, cwd, allowLevel } = options;
  if (allowLevel !== "none") {
    throw new TelegraphistError({
      code: "SANDBOX_UNAVAILABLE",
      category: "PLUGIN",
      message: `Cannot hold "${script}" in a sandbox: this system offers none`,
    });
  }
  const child = Bun.spawn(
    [process.execPath, "--no-install", "--no-env-file", "--no-addons", script, ...args],
    {
      cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: child.exited.then(() => ({
      exitCode: child.exitCode,
      signal: child.signalCode === null ? null : String(child.signalCode),
      exceeded: null,
    })),
    level: "none",
    kill: () => child.kill("SIGKILL"),
  };
}
