import { describe, expect, test } from "bun:test";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadOrCreateToken } from "../../runtime/admin/index.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-admin-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("loadOrCreateToken()", () => {
  test("makes 32 random bytes that only the owner can read, and keeps them", () =>
    inFolder(async (folder) => {
      const path = join(folder, "new", "admin-token");
      const token = await loadOrCreateToken(path);
      expect(Buffer.from(token, "base64url")).toHaveLength(32);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await loadOrCreateToken(path)).toBe(token);
    }));

  test("gives one token to two that start at once", () =>
    inFolder(async (folder) => {
      const path = join(folder, "admin-token");
      const tokens = await Promise.all([loadOrCreateToken(path), loadOrCreateToken(path)]);
      expect(new Set(tokens).size).toBe(1);
    }));

  test("takes the file from the eyes of others", () =>
    inFolder(async (folder) => {
      const path = join(folder, "admin-token");
      await loadOrCreateToken(path);
      await chmod(path, 0o644);
      await loadOrCreateToken(path);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }));

  test("refuses a file that holds something else, and leaves it as it is", () =>
    inFolder(async (folder) => {
      const path = join(folder, "admin-token");
      await writeFile(path, "short");
      await expect(loadOrCreateToken(path)).rejects.toMatchObject({ code: "ADMIN_TOKEN_UNUSABLE" });
      expect(await readFile(path, "utf8")).toBe("short");
    }));

  test("tells which path it cannot use", () =>
    inFolder(async (folder) => {
      await expect(loadOrCreateToken(folder)).rejects.toMatchObject({
        code: "ADMIN_TOKEN_UNUSABLE",
        message: expect.stringContaining(folder),
      });
    }));
});
