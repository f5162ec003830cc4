import { ptr } from "bun:ffi";
import { readSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { guestRules } from "./guest-rules.ts";
import { Kernel } from "./kernel.ts";
import { type PathRule, readLandlockAbi, restrictPaths } from "./landlock.ts";
import { access } from "./landlock-access.ts";
import { channelDescriptor, type LaunchReport, type LaunchRequest } from "./launch-request.ts";
import { levelLabel } from "./level-label.ts";
import { policyRules } from "./policy-rules.ts";
import { dropCapabilities, renounceNewPrivileges } from "./privileges.ts";
import { limitResources } from "./resource-limits.ts";
import { runtimeRules } from "./runtime-rules.ts";
import { installFilter } from "./seccomp.ts";
import { seccompFilter } from "./seccomp-filter.ts";
import { files, identity, launch, subprocesses, threads } from "./system-calls.ts";

/** `PR_SET_PDEATHSIG` of linux/prctl.h, and `SIGKILL`. */
const [deathSignal, killSignal] = [1, 9] as const;
/** How much politer than the host, on the scale of nice(2). */
const niceness = 5;
/** `CLOSE_RANGE_CLOEXEC` of linux/close_range.h, and a number past every descriptor. */
const [closeOnExec, lastDescriptor] = [4, 0xffff_ffff] as const;

/** What is done before the guest is executed, in the order in which each step still may be done. */
function stepsOf(kernel: Kernel, landlockAbi: number, request: LaunchRequest) {
  const { policy } = request;
  const { allowSubprocesses } = policy;
  const { architecture } = kernel;
  const guest = { architecture, pid: process.pid, allowSubprocesses, landlockAbi };
  return [
    ["enter the working folder", () => enter(request.cwd)],
    ["leave the terminal", () => kernel.call(launch.setsid)],
    ["end with the host", () => kernel.call(threads.prctl, deathSignal, killSignal, 0, 0, 0)],
    ["find the host", () => (kernel.call(identity.getppid) === request.hostPid ? 0 : -1)],
    ["give way", () => giveWay(kernel)],
    ["renounce new privileges", () => renounceNewPrivileges(kernel)],
    ["drop capabilities", () => dropCapabilities(kernel)],
    [
      "close descriptors",
      () => kernel.call(files.close_range, channelDescriptor, lastDescriptor, closeOnExec),
    ],
    ["restrict paths", () => restrictPaths(kernel, landlockAbi, pathRules(request))],
    ["limit resources", () => limitResources(kernel, policy.limits)],
    [
      "filter system calls",
      () => {
        const rules = guestRules(guest);
        return installFilter(kernel, seccompFilter({ architecture, rules, otherwise: "refuse" }), 0);
      },
    ],
  ] as const satisfies readonly (readonly [step: string, run: () => number])[];
}

function pathRules({ program, script, policy }: LaunchRequest): readonly PathRule[] {
  return [
    ...runtimeRules(program),
    { path: import.meta.dirname, access: access.read },
    { path: script, access: access.read },
    // Bun finds a file by the list of its folder, and goes on without those above.
    { path: dirname(script), access: access.list },
    ...policyRules(policy),
  ];
}

/** The host comes first for processor time, and the guest when a process must be ended for want of memory. */
function giveWay(kernel: Kernel): number {
  writeFileSync("/proc/self/oom_score_adj", "1000");
  // The kernel answers 20 less the niceness, so that no answer is negative.
  const now = 20 - kernel.call(identity.getpriority, 0, 0);
  return kernel.call(launch.setpriority, 0, 0, Math.min(19, now + niceness));
}

function readRequest(): LaunchRequest {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(64 * 1024);
  let text = "";
  while (!text.endsWith("\n")) {
    const length = readSync(channelDescriptor, chunk);
    if (length === 0) break;
    text += decoder.decode(chunk.subarray(0, length), { stream: true });
  }
  // The other end is the host that started this file, in the same version.
  return JSON.parse(text) as LaunchRequest;
}

function report(line: LaunchReport): void {
  writeSync(channelDescriptor, `${JSON.stringify(line)}\n`);
}

/** Comes back only when the kernel refuses. */
function execute(kernel: Kernel, { program, args, env }: LaunchRequest): number {
  const encoder = new TextEncoder();
  const kept: Uint8Array[] = [];
  const address = (text: string) => {
    const bytes = encoder.encode(`${text}\0`);
    kept.push(bytes);
    return BigInt(ptr(bytes));
  };
  const argv = BigUint64Array.from([program, ...args].map(address).concat(0n));
  const envp = BigUint64Array.from(
    Object.entries(env)
      .map(([name, value]) => address(`${name}=${value}`))
      .concat(0n),
  );
  const path = encoder.encode(`${program}\0`);
  const answer = kernel.call(subprocesses.execve, path, argv, envp);
  // Bytes that nothing refers to any more may be gone before the kernel has read them.
  kept.length = 0;
  return answer;
}

function holdAndExecute(request: LaunchRequest): LaunchReport {
  using kernel = Kernel.open();
  if (kernel === null) return refusal("be reached", -1);
  const landlockAbi = readLandlockAbi(kernel);
  for (const [step, run] of stepsOf(kernel, landlockAbi, request)) {
    const answer = attempt(run);
    if (answer < 0) return refusal(step, answer);
  }
  report({ state: "held", level: levelLabel(landlockAbi, true) });
  return refusal("execute the program", execute(kernel, request));
}

/** Functions of Node throw the number of the error that system calls answer. */
function attempt(run: () => number): number {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : -1;
  }
}

function enter(folder: string): number {
  process.chdir(folder);
  return 0;
}

function refusal(step: string, answer: number): LaunchReport {
  return { state: "refused", step, errorNumber: -answer };
}

report(holdAndExecute(readRequest()));
process.exit(1);
