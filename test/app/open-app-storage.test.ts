import { describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorageWith, pluginFolderOf } from "../../runtime/app/open-app-storage.ts";
import { createKey } from "../../runtime/vault/index.ts";
import { createLogger } from "../../telemetry/index.ts";

describe("openStorageWith()", () => {
  test.skipIf(process.platform !== "linux")(
    "keeps the process's memory to itself, and overwrites the key at its end",
    async () => {
      await using made = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), "telegraphist-app-"));
      made.defer(() => rm(folder, { recursive: true }));
      const lines: string[] = [];
      const logger = createLogger({ level: "debug", format: "json", write: (line) => lines.push(line) });
      const key = createKey();
      const config = { storage: { path: "db.sqlite", keyFile: "key" } };
      const place = { config, baseFolder: folder, env: {} };
      const storage = await openStorageWith(
        place,
        { keys: [key], activeKeyId: key.id },
        { logger, now: Date.now },
      );
      expect(lines.join("")).toContain('"isUndumpable":true');
      expect(lines.join("")).not.toContain(Buffer.from(key.key).toString("base64"));
      expect(key.key.some((byte) => byte !== 0)).toBe(true);
      await storage.close();
      expect(key.key.every((byte) => byte === 0)).toBe(true);
    },
  );
});

describe("pluginFolderOf()", () => {
  test("is beside the database, unless there is one beside the key alone", async () => {
    await using made = new AsyncDisposableStack();
    const baseFolder = await mkdtemp(join(tmpdir(), "telegraphist-app-"));
    made.defer(() => rm(baseFolder, { recursive: true }));
    const folderOf = (path: string) =>
      pluginFolderOf({ baseFolder, config: { storage: { path, keyFile: "secret/key" } } });
    const [besideData, besideKey] = [join(baseFolder, "data/plugins"), join(baseFolder, "secret/plugins")];
    expect(folderOf("data/db.sqlite")).toBe(besideData);
    expect(folderOf(":memory:")).toBe(besideKey);
    await mkdir(besideKey, { recursive: true });
    expect(folderOf("data/db.sqlite")).toBe(besideKey);
    await mkdir(besideData, { recursive: true });
    expect(folderOf("data/db.sqlite")).toBe(besideData);
  });
});
