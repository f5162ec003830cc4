import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchSandboxed, readKernelLevel, readResidentBytes } from "../../runtime/sandbox/index.ts";
import { canHold, guest, policyFor, runHeld } from "./hold.ts";

const programs = ["/bin/sleep", "/bin/true"];

// Held scripts yield to everything else that the machine does.
setDefaultTimeout(60_000);

describe.if(canHold)("launchSandboxed()", () => {
  let own: string;

  beforeAll(async () => {
    own = await realpath(await mkdtemp(join(tmpdir(), "held-")));
  });
  afterAll(() => rm(own, { recursive: true }));

  test("gives the script its arguments, its environment, its folder, and three streams", async () => {
    const held = await launchSandboxed({
      script: guest("echo"),
      args: ["--one", "two words"],
      env: { ANSWER: "42" },
      cwd: own,
      policy: policyFor(own),
    });
    held.stdin.write("hello");
    held.stdin.end();
    expect(await new Response(held.stdout).text()).toBe("hello");
    expect(await new Response(held.stderr).json()).toEqual({
      args: ["--one", "two words"],
      env: { ANSWER: "42" },
      cwd: own,
    });
    expect(await held.exited).toEqual({ exitCode: 0, signal: null, exceeded: null });
  });

  test("tells the level that the kernel enforces, which the script shows", async () => {
    const held = await launchSandboxed({ script: guest("echo"), cwd: own, policy: policyFor(own) });
    expect(held.level).toBe((await readKernelLevel()).label);
    const status = await readFile(`/proc/${held.pid}/status`, "utf8");
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    // All but passing over the modes of files.
    expect(status).toMatch(/^CapPrm:\t0{15}[02]$/m);
    expect(await readResidentBytes(held.pid)).toBeGreaterThan(0);
    held.kill();
    expect((await held.exited).signal).toBe("SIGKILL");
    expect(await readResidentBytes(held.pid)).toBeNull();
  });

  test("runs nothing that the folder's bunfig.toml names, before the script is held or after", async () => {
    await writeFile(join(own, "bunfig.toml"), 'preload = ["./other.ts"]\n');
    await writeFile(join(own, "other.ts"), 'await Bun.write("other-ran", "");\n');
    const held = await launchSandboxed({ script: guest("echo"), cwd: own, policy: policyFor(own) });
    held.stdin.end();
    expect((await held.exited).exitCode).toBe(0);
    expect((await readdir(own)).sort()).toEqual(["bunfig.toml", "other.ts"]);
  });

  test("fails when the working folder is not there", async () => {
    const launch = launchSandboxed({ script: guest("echo"), cwd: join(own, "none"), policy: policyFor(own) });
    await expect(launch).rejects.toMatchObject({
      code: "SANDBOX_LAUNCH_FAILED",
      data: { step: "enter the working folder", errorNumber: 2 },
    });
  });

  test("fails when its signal fires before the script is held", async () => {
    const launch = launchSandboxed({
      script: guest("echo"),
      cwd: own,
      policy: policyFor(own),
      signal: AbortSignal.abort(),
    });
    await expect(launch).rejects.toMatchObject({ code: "SANDBOX_LAUNCH_FAILED" });
  });

  test("refuses where the kernel offers too little, unless that is allowed", async () => {
    const run = (...args: readonly string[]) =>
      runHeld({
        script: guest("nested"),
        args,
        cwd: own,
        policy: policyFor(own, {
          // Bun as a child needs its own files in /proc, which nobody can name before it has begun.
          readFolders: [join(import.meta.dirname, "../.."), "/proc"],
          executables: [process.execPath],
          allowSubprocesses: true,
        }),
      });
    expect((await run()).output).toBe("SANDBOX_UNAVAILABLE");
    expect((await run("none")).output).toBe("none hello");
  });

  test("lets the script run the programs of its policy, and ends them with it", async () => {
    const held = await launchSandboxed({
      script: guest("parent"),
      cwd: own,
      policy: policyFor(own, { executables: programs, allowSubprocesses: true }),
    });
    const reader = held.stdout.getReader();
    const { value } = await reader.read();
    const childPid = Number(new TextDecoder().decode(value));
    expect(await isRunning(childPid)).toBe(true);
    held.kill();
    await held.exited;
    while (await isRunning(childPid)) await Bun.sleep(5);
  });

  test("lets nothing of the script outlive the host", async () => {
    const host = Bun.spawn(
      [process.execPath, join(import.meta.dirname, "guests/host.ts"), guest("echo"), own],
      {
        stdout: "pipe",
      },
    );
    const { value } = await host.stdout.getReader().read();
    const pid = Number(new TextDecoder().decode(value));
    expect(await isRunning(pid)).toBe(true);
    host.kill("SIGKILL");
    await host.exited;
    while (await isRunning(pid)) await Bun.sleep(5);
  });
});

/** Whether a process has not ended; one that nobody has asked for its end is a zombie. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "State:\tX");
  return !/^State:\t[XZ]/m.test(status);
}
