import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { temporaryFolder } from "../storage/fixture.ts";
import { program, startCli } from "./cli-process.ts";

describe("telegraphist demo", () => {
  test("tells its story once, loses nothing, and says so in its last line", async () => {
    await using demo = startCli(["demo", "--once", "--json", "--port", "0"]);
    expect(await demo.exited).toBe(0);
    const last = demo.output().trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({
      ok: true,
      replies: 3,
      invited: 3,
      linksSent: 1,
      archivedFiles: 4,
      lostUpdates: 0,
    });
    expect(demo.errors()).toBe("");
  }, 40_000);

  test("fails when it is interrupted before the end", async () => {
    await using demo = startCli(["demo", "--once", "--json", "--port", "0"]);
    await demo.seen(/People write to Olivia/);
    demo.kill("SIGINT");
    expect(await demo.exited).toBe(1);
    expect(demo.output()).not.toContain(`"ok":true`);
    expect(demo.errors()).toBe("");
  }, 40_000);

  test("ends quietly when it is interrupted at its start", async () => {
    await using demo = startCli(["demo", "--port", "0"]);
    await demo.seen(/The account connects/);
    demo.kill("SIGINT");
    expect([1, 130]).toContain(await demo.exited);
    expect(demo.errors()).toBe("");
  });

  test("cleans up after itself when its reader leaves", async () => {
    await using folder = await temporaryFolder();
    const command = `"${process.execPath}" "${program}" demo --port 0 | head -n 2`;
    const shell = Bun.spawn(["sh", "-c", command], {
      env: { ...process.env, TMPDIR: folder.path, NO_COLOR: "1" },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [errors] = await Promise.all([new Response(shell.stderr).text(), shell.exited]);
    expect(errors).toBe("");
    expect(await readdir(folder.path)).toEqual([]);
  }, 40_000);
});
