import { describe, expect, test } from "bun:test";
import { startCli } from "./cli-process.ts";

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
    expect(JSON.parse(demo.output().trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ ok: false });
  }, 40_000);
});
