import { describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { lockFile } from "../../runtime/storage/file-lock.ts";
import { temporaryFolder } from "./fixture.ts";

const module = new URL("../../runtime/storage/file-lock.ts", import.meta.url).pathname;

/** Another process that has the lock, or says that it cannot, until it is ended. */
function otherProcess(path: string) {
  const code = `
    const { lockFile } = await import(${JSON.stringify(module)});
    globalThis.lock = lockFile(${JSON.stringify(path)});
    console.log(globalThis.lock === null ? "busy" : "taken");
    setInterval(() => {}, 1000);
  `;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" });
  const words = child.stdout.getReader();
  return {
    said: async () => new TextDecoder().decode((await words.read()).value).trim(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

describe("lockFile()", () => {
  test("lets one have a file at a time, and nobody else touch the lock", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    {
      using lock = lockFile(path);
      expect(lock).not.toBeNull();
      expect(lockFile(path)).toBeNull();
      await using other = otherProcess(path);
      expect(await other.said()).toBe("busy");
      expect((await stat(`${path}-lock`)).mode & 0o777).toBe(0o600);
    }
    using again = lockFile(path);
    expect(again).not.toBeNull();
  });

  test("is let go of when the process is killed", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    {
      await using other = otherProcess(path);
      expect(await other.said()).toBe("taken");
      expect(lockFile(path)).toBeNull();
    }
    using lock = lockFile(path);
    expect(lock).not.toBeNull();
  });

  test("says so where the lock cannot be made", () => {
    expect(() => lockFile("/nowhere/at/all/key")).toThrow("ENOENT");
  });
});
