import { join } from "node:path";
import { TelegraphistError } from "../contract/index.ts";
import { followChild } from "./follow-child.ts";
import { type KernelLevel, readKernelLevel } from "./kernel-level.ts";
import { converse, launchFailed } from "./launch-channel.ts";
import { channelDescriptor, type LaunchRequest } from "./launch-request.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";
import type { SandboxedProcess } from "./sandboxed-process.ts";

/** What to run, and how to hold it. */
export interface LaunchOptions {
  /** Absolute path of the TypeScript or JavaScript file; the file itself may be read without a word in the policy. */
  readonly script: string;
  /** @default [] */
  readonly args?: readonly string[];
  readonly policy: SandboxPolicy;
  /** The whole environment: nothing is inherited. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path of the working folder, which must exist. */
  readonly cwd: string;
  /** `"none"` runs the script without any protection where the kernel has none to give. */
  readonly allowLevel?: "none";
  /** What this system can hold a script by. @default `readKernelLevel` */
  readonly readLevel?: () => Promise<KernelLevel>;
  /** Ends the launch; once that has succeeded, nothing. */
  readonly signal?: AbortSignal;
}

/** A launch takes about 30 ms. */
const launchDeadlineMs = 15_000;

/** No package is fetched, no `.env` and no `bunfig.toml` is read, no native module is loaded. */
const bunFlags = ["--no-install", "--no-env-file", "--no-addons", "--config=/dev/null"] as const;

const ownFolder = import.meta.dirname;

/**
 * Runs a script in a Bun of its own that the kernel holds to the policy; resolves when it is held and begins to run.
 *
 * @throws {TelegraphistError} `SANDBOX_UNAVAILABLE` when this system cannot hold it and `allowLevel` does not say
 *   otherwise, `SANDBOX_LAUNCH_FAILED` when a step of the holding fails; nothing of the script has run then
 */
export async function launchSandboxed(options: LaunchOptions): Promise<SandboxedProcess> {
  const { script, args = [], policy, env = {}, cwd, allowLevel, readLevel = readKernelLevel } = options;
  const { canHold, label } = await readLevel();
  if (canHold) return launchHeld(options);
  if (allowLevel === "none") {
    const child = Bun.spawn([process.execPath, ...bunFlags, script, ...args], {
      cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    return followChild(child, "none", policy);
  }
  throw new TelegraphistError({
    code: "SANDBOX_UNAVAILABLE",
    category: "PLUGIN",
    message: `Cannot run "${script}" in a sandbox as that needs Linux 6.2 with Landlock and seccomp: this system has "${label}"`,
    data: { level: label },
  });
}

async function launchHeld(options: LaunchOptions): Promise<SandboxedProcess> {
  const child = Bun.spawn([process.execPath, ...bunFlags, join(ownFolder, "launcher.ts")], {
    // The launcher is not held yet: it looks into no folder that a guest writes, and has no variable of the guest's.
    cwd: ownFolder,
    env: {},
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const deadline = AbortSignal.timeout(launchDeadlineMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const abort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    const channel = child.stdio[channelDescriptor];
    if (typeof channel !== "number") throw launchFailed("the launcher has no channel");
    const level = await converse(channel, requestOf(options));
    if (signal.aborted) throw launchFailed("it was not held in its time");
    return followChild(child, level, options.policy);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function requestOf({ script, args = [], policy, env = {}, cwd }: LaunchOptions): LaunchRequest {
  // A guest with the right to run programs must be able to execute them after it has begun.
  const hold = policy.allowSubprocesses ? [] : ["--preload", join(ownFolder, "hold-guest.ts")];
  return {
    program: process.execPath,
    args: [...bunFlags, ...hold, script, ...args],
    env,
    cwd,
    script,
    policy,
    hostPid: process.pid,
  };
}
