import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { migrations } from "../../runtime/storage/migrations.ts";
import { me, memoryStorage, newVault, sessionOf, temporaryFolder } from "./fixture.ts";

const vault = newVault();
const plugin = parsePluginName("archive");

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe("openStorage()", () => {
  test("makes folder and files for their owner alone", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "new", "db.sqlite");
    await using storage = await openStorage({ path, vault });
    await storage.pluginStore.set(plugin, "key", 1);
    expect(await modeOf(join(folder.path, "new"))).toBe("700");
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(await modeOf(file)).toBe("600");
  });

  test("closes a database file that others could read", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await (await openStorage({ path, vault })).close();
    await chmod(path, 0o644);
    await using _ = await openStorage({ path, vault });
    expect(await modeOf(path)).toBe("600");
  });

  test("finds again what was written before the process was killed", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const room = JSON.stringify(join(import.meta.dir, "../../runtime/storage/index.ts"));
    const fixture = JSON.stringify(join(import.meta.dir, "fixture.ts"));
    const writer = Bun.spawn({
      cmd: [
        process.execPath,
        "-e",
        `import { openStorage } from ${room};
         import { newVault } from ${fixture};
         const storage = await openStorage({ path: ${JSON.stringify(path)}, vault: newVault() });
         await storage.pluginStore.set("archive", "key", "kept");
         process.kill(process.pid, "SIGKILL");`,
      ],
      stderr: "inherit",
    });
    await writer.exited;
    expect(writer.signalCode).toBe("SIGKILL");
    await using storage = await openStorage({ path, vault });
    expect(await storage.pluginStore.get(plugin, "key")).toBe("kept");
    expect(await storage.check({ deep: true })).toMatchObject({ ok: true });
  });

  test("forgets what was over when it was opened", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    {
      await using storage = await openStorage({ path, vault, now: () => 0 });
      await storage.pluginStore.set(plugin, "key", 1, { ttlMs: 10 });
    }
    await using storage = await openStorage({ path, vault, now: () => 100 });
    expect(await storage.pluginStore.prune()).toBe(0);
  });

  test("refuses a file that is no database, and leaves it as it is", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const text = "this is a letter to my grandmother, not a database. ".repeat(50);
    await writeFile(path, text);
    await expect(openStorage({ path, vault })).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
    expect(await Bun.file(path).text()).toBe(text);
  });

  test("refuses a database whose pages are damaged", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await (await openStorage({ path, vault })).close();
    const bytes = await Bun.file(path).bytes();
    bytes.fill(0xa5, 100);
    await writeFile(path, bytes);
    await expect(openStorage({ path, vault })).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
  });

  test("refuses another program's database, and adds nothing to it", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    {
      using foreign = new Database(path);
      foreign.run("CREATE TABLE letters (text)");
    }
    await expect(openStorage({ path, vault })).rejects.toMatchObject({ code: "STORAGE_FOREIGN" });
    using foreign = new Database(path);
    expect(foreign.query("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "letters" }]);
    expect(foreign.query("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
  });

  test("refuses a database that a newer version wrote", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await (await openStorage({ path, vault })).close();
    {
      using future = new Database(path);
      future.run("PRAGMA user_version = 999");
    }
    const opening = openStorage({ path, vault });
    await expect(opening).rejects.toMatchObject({ code: "STORAGE_NEWER_SCHEMA", data: { found: 999 } });
  });

  test("goes on while another holds the database, and then writes in the order of the calls", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault, busyTimeoutMs: 20_000 });
    using other = new Database(path);
    other.run("BEGIN IMMEDIATE");
    const values = [1, 2, 3];
    const writing = values.map((value) => storage.pluginStore.set(plugin, "key", value));
    // Reading needs no lock; and were the program held up, nobody could let go.
    expect(await storage.pluginStore.get(plugin, "key")).toBeUndefined();
    await setImmediate();
    other.run("ROLLBACK");
    await Promise.all(writing);
    expect(await storage.pluginStore.get(plugin, "key")).toBe(3);
  });

  test("says so when another process holds the database", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault, busyTimeoutMs: 0 });
    const holder = Bun.spawn({
      cmd: [
        process.execPath,
        "-e",
        `const { Database } = require("bun:sqlite");
         const db = new Database(${JSON.stringify(path)});
         db.run("BEGIN IMMEDIATE");
         console.log("held");
         process.stdin.resume();
         process.stdin.on("end", () => process.exit());`,
      ],
      stdin: "pipe",
      stdout: "pipe",
    });
    try {
      await holder.stdout.getReader().read();
      const blocked = { code: "STORAGE_LOCKED", retryable: true };
      await expect(storage.pluginStore.set(plugin, "key", 1)).rejects.toMatchObject(blocked);
      await expect(openStorage({ path, vault, busyTimeoutMs: 0 })).rejects.toMatchObject(blocked);
    } finally {
      holder.stdin.end();
      await holder.exited;
    }
    await storage.pluginStore.set(plugin, "key", 1);
    expect(await storage.pluginStore.get(plugin, "key")).toBe(1);
  });

  test.each([
    ["a folder that is a file", "file/db.sqlite"],
    ["a path that is a folder", "folder"],
  ])("says so when it cannot be read: %s", async (_, name) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "file"), "");
    await mkdir(join(folder.path, "folder"));
    const opening = openStorage({ path: join(folder.path, name), vault });
    await expect(opening).rejects.toMatchObject({ code: "STORAGE_UNREADABLE" });
  });
});

describe("Storage", () => {
  test("check() finds nothing in a sound database", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    const sound = {
      ok: true,
      problem: undefined,
      schemaVersion: migrations.length,
      sizeBytes: expect.any(Number),
    };
    expect(await storage.check()).toEqual(sound);
    expect(await storage.check({ deep: true })).toEqual(sound);
  });

  test("check() tells of a row that refers to nothing, when it looks deep", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault });
    {
      using careless = new Database(path);
      careless.run("PRAGMA foreign_keys = OFF");
      careless.run("INSERT INTO auth_keys VALUES ('nobody', 2, 'k', x'00')");
    }
    expect(await storage.check()).toMatchObject({ ok: true });
    expect(await storage.check({ deep: true })).toMatchObject({
      ok: false,
      problem: 'a row of "auth_keys" refers to nothing',
    });
  });

  test("lists and loads a session whose account a damage has taken", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault });
    await storage.sessions.save(sessionOf());
    {
      using careless = new Database(path);
      careless.run("PRAGMA foreign_keys = OFF");
      careless.run("DELETE FROM accounts");
    }
    expect(await storage.sessions.list()).toMatchObject([{ account: me, userId: null }]);
    expect(await storage.sessions.load(me)).toMatchObject({ account: me, userId: null });
  });

  test("close() may be called twice, and nothing works after it", async () => {
    const storage = await memoryStorage();
    await storage.close();
    await storage.close();
    await expect(storage.check()).rejects.toMatchObject({ code: "STORAGE_CLOSED" });
  });
});
