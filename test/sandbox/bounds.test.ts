import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxLimits, SandboxPolicy } from "../../runtime/sandbox/index.ts";
import { canHold, guest, policyFor, runHeld, type Said } from "./hold.ts";

// Held scripts yield to everything else that the machine does.
setDefaultTimeout(60_000);

describe.if(canHold)("a limit", () => {
  let own: string;

  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), "held-"));
  });
  afterAll(() => rm(own, { recursive: true }));

  function take(
    wanted: string,
    limits: Partial<SandboxLimits> = {},
    rest: Partial<SandboxPolicy> = {},
  ): Promise<Said> {
    const policy = policyFor(own, rest);
    return runHeld({
      script: guest("greedy"),
      args: [wanted],
      cwd: own,
      policy: { ...policy, limits: { ...policy.limits, ...limits } },
    });
  }

  test("of memory ends the script that passes it", async () => {
    const { exit } = await take("memory", { memoryBytes: 128 * 1024 ** 2 });
    expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", exceeded: "memory" });
  });

  test("of processes ends the script that starts more threads", async () => {
    const { exit } = await take("threads", { processes: 24, memoryBytes: 4 * 1024 ** 3 });
    expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", exceeded: "processes" });
  });

  test("of processes counts what the script's programs are", async () => {
    const programs = { executables: ["/bin/sleep"], allowSubprocesses: true };
    const { exit } = await take("programs", { processes: 40 }, programs);
    expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", exceeded: "processes" });
  });

  test("of open files refuses more and lets the script go on", async () => {
    const { output, exit } = await take("descriptors", { openFiles: 32 });
    const [code, count] = output.split(" ");
    expect(code).toBe("EMFILE");
    expect(Number(count)).toBeLessThan(32);
    expect(exit.exitCode).toBe(0);
  });

  test("of a file's size refuses the rest", async () => {
    const { errors, exit } = await take("disk", { fileSizeBytes: 1024 ** 2 });
    expect(errors).toContain("EFBIG");
    expect(exit.exitCode).toBe(1);
  });

  test("of processor time ends a loop", async () => {
    const { exit } = await take("processor", { cpuSeconds: 1 });
    expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", exceeded: null });
  });
});
