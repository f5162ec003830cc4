import { describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(import.meta.dir, "hardened-program.ts");
const isLinux = process.platform === "linux";
const isRoot = process.getuid?.() === 0;
/** What lets root read every process's memory; without it root is a user like others, who can still reach Bun and this folder. */
const asAnyUser = isRoot ? ["setpriv", "--bounding-set=-sys_ptrace"] : [];

/** The program, once it has said what it has done, in a folder of its own in which a core file would be written. */
async function start(how: "hardened" | "open") {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-core-"));
  made.defer(() => rm(folder, { recursive: true }));
  const child = Bun.spawn(
    ["sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh", process.execPath, program, how],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  made.defer(async () => {
    child.kill("SIGKILL");
    await child.exited;
  });
  const { value } = await child.stdout.getReader().read();
  const said: unknown = JSON.parse(new TextDecoder().decode(value));
  const owned = made.move();
  return { child, folder, said, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe.skipIf(!isLinux)("hardenProcess()", () => {
  test("keeps the memory out of core files, which an end by a fault would write", async () => {
    await using it = await start("hardened");
    expect(it.said).toMatchObject({ hardening: { isUndumpable: true } });
    const limits = await readFile(`/proc/${it.child.pid}/limits`, "utf8");
    expect(limits).toMatch(/Max core file size\s+0\s+0\s/);
    it.child.kill("SIGSEGV");
    await it.child.exited;
    expect(await readdir(it.folder)).toEqual([]);
  });

  test("keeps the memory from other processes of the same user", async () => {
    const script = `
      const { openSync } = require("node:fs");
      const child = Bun.spawn([process.execPath, ${JSON.stringify(program)}, process.argv[1]], { stdio: ["ignore", "pipe", "ignore"] });
      await child.stdout.getReader().read();
      try { openSync("/proc/" + child.pid + "/mem", "r"); console.log("read"); } catch (error) { console.log(error.code); }
      child.kill("SIGKILL");
    `;
    const look = async (how: string) => {
      const reader = Bun.spawn([...asAnyUser, process.execPath, "-e", script, how], {
        env: { PATH: process.env.PATH ?? "" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return (await new Response(reader.stdout).text()).trim();
    };
    expect(await look("open")).toBe("read");
    expect(await look("hardened")).toBe("EACCES");
  });

  test("says whether the secrets are kept out of swap, as the limit allows it", async () => {
    await using it = await start("hardened");
    const status = await readFile(`/proc/${it.child.pid}/status`, "utf8");
    const lockedKib = Number(/^VmLck:\s+(\d+) kB/m.exec(status)?.[1]);
    expect(it.said).toMatchObject({ hardening: { isLocked: lockedKib > 0 } });
  });
});
