import { describe, expect, test } from "bun:test";
import { chmod, lstat, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasSealedRows, holdKeyFile, loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createKey, createVault, formatKey } from "../../runtime/vault/index.ts";
import { mayMakeReadOnly, readOnly } from "../support/mounts.ts";
import { received } from "../support/sample-events.ts";
import { me, sessionOf, temporaryFolder } from "./fixture.ts";

const nothingSealed = async () => false;
const canMakeReadOnly = await mayMakeReadOnly();

describe("loadOrCreateKey()", () => {
  test("makes a key file for its owner alone, once", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "new", "key");
    const made = await loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    expect(made.source).toBe("new-file");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const read = await loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    expect(read).toEqual({ ...made, source: "file" });
    expect(await readdir(join(folder.path, "new"))).toEqual(["key"]);
  });

  test("gives all who come at once the same key", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    const options = { env: {}, path, hasSealedRows: nothingSealed };
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKey(options)));
    expect(new Set(loaded.map(({ activeKeyId }) => activeKeyId)).size).toBe(1);
  });

  test("prefers the environment, whose first key seals and whose others still open", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    const [active, former] = [createKey(), createKey()];
    const [first, second] = [formatKey(active), formatKey(former)];
    const env = { TELEGRAPHIST_KEY: `${first} ${second} ${first}\n` };
    const loaded = await loadOrCreateKey({ env, path, hasSealedRows: nothingSealed });
    expect(loaded).toEqual({ keys: [active, former], activeKeyId: active.id, source: "environment" });
    expect(await readdir(folder.path)).toEqual([]);
    expect(createVault(loaded).activeKeyId).toBe(active.id);
  });

  test.each([0o640, 0o604, 0o620])("refuses a key file of mode %o and says what to do", async (mode) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await writeFile(path, formatKey(createKey()));
    await chmod(path, mode);
    await expect(loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed })).rejects.toMatchObject({
      code: "STORAGE_KEY_EXPOSED",
      message: expect.stringContaining(`chmod 600 ${path}`),
    });
  });

  test.each(["", "not a key", "1234"])("refuses a key file that holds %j, and keeps it", async (text) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await writeFile(path, text, { mode: 0o600 });
    const loading = loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    await expect(loading).rejects.toMatchObject({ code: "VAULT_INVALID_KEY" });
    expect(await Bun.file(path).text()).toBe(text);
  });

  test("refuses to make a new key when something is sealed with the one that is gone", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    const loading = loadOrCreateKey({ env: {}, path, hasSealedRows: async () => true });
    await expect(loading).rejects.toMatchObject({ code: "STORAGE_KEY_MISSING" });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("makes a key file that a passphrase locks, and says which source was wrong", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    const load = (env: Record<string, string>) =>
      loadOrCreateKey({ env, path, hasSealedRows: nothingSealed });
    const made = await load({ TELEGRAPHIST_PASSPHRASE: "four words on a shelf" });
    const text = await Bun.file(path).text();
    expect(text).not.toContain(formatKey(made.keys[0] ?? createKey()));
    expect(await load({ TELEGRAPHIST_PASSPHRASE: "four words on a shelf" })).toEqual({
      ...made,
      source: "locked-file",
    });
    await expect(load({})).rejects.toMatchObject({
      code: "STORAGE_KEY_LOCKED",
      message: expect.stringContaining("TELEGRAPHIST_PASSPHRASE"),
    });
    const wrong: unknown = await load({ TELEGRAPHIST_PASSPHRASE: "other words" }).catch((error) => error);
    expect(wrong).toMatchObject({ code: "VAULT_WRONG_PASSPHRASE" });
    expect(String(wrong)).toContain(path);
    expect(String(wrong)).not.toContain("other words");
    await expect(load({ TELEGRAPHIST_KEY: "short" })).rejects.toMatchObject({
      code: "VAULT_INVALID_KEY",
      message: expect.stringMatching(/^Cannot read key of TELEGRAPHIST_KEY .*received 5 characters$/),
    });
    expect(await Bun.file(path).text()).toBe(text);
  });

  test("makes the key where a link leads to", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await symlink("kept/key", path);
    const made = await loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readdir(join(folder.path, "kept"))).toEqual(["key"]);
    const read = await loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    expect(read.keys).toEqual(made.keys);
  });

  test("refuses a link that leads to itself", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await symlink("key", path);
    const loading = loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    await expect(loading).rejects.toMatchObject({ code: "STORAGE_UNREADABLE" });
  });

  test("says so when the key file cannot be read", async () => {
    await using folder = await temporaryFolder();
    await chmod(folder.path, 0o700);
    const loading = loadOrCreateKey({ env: {}, path: folder.path, hasSealedRows: nothingSealed });
    await expect(loading).rejects.toMatchObject({ code: "STORAGE_UNREADABLE" });
  });
});

describe("holdKeyFile()", () => {
  test("lets one write it at a time, by whatever path", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await symlink("key", join(folder.path, "link"));
    const key = createKey();
    {
      using file = await holdKeyFile(path);
      const refused = { code: "STORAGE_KEY_BUSY", retryable: true };
      await expect(holdKeyFile(join(folder.path, "link"))).rejects.toMatchObject(refused);
      await file.replace([key], null);
    }
    using file = await holdKeyFile(join(folder.path, "link"));
    await file.replace([createKey(), key], null);
    const read = await loadOrCreateKey({ env: {}, path, hasSealedRows: nothingSealed });
    expect(read.keys[1]).toEqual(key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder.path)).toSorted()).toEqual(["key", "key-lock", "link"]);
  });

  test("leaves no keys where a kill left them", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await writeFile(`${path}-next`, formatKey(createKey()), { mode: 0o600 });
    using file = await holdKeyFile(path);
    await file.replace([createKey()], null);
    expect((await readdir(folder.path)).toSorted()).toEqual(["key", "key-lock"]);
  });

  test.skipIf(!canMakeReadOnly)("says so where the file cannot be written", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "key");
    await writeFile(path, formatKey(createKey()), { mode: 0o600 });
    const refused = {
      code: "STORAGE_KEY_READ_ONLY",
      message: expect.stringMatching(/cannot be written \((EROFS|EACCES)\): /),
    };
    {
      await using _closed = await readOnly(folder.path);
      await expect(holdKeyFile(path)).rejects.toMatchObject(refused);
    }
    using file = await holdKeyFile(path);
    const before = await Bun.file(path).text();
    {
      await using _closed = await readOnly(folder.path);
      await expect(file.replace([createKey()], null)).rejects.toMatchObject(refused);
    }
    expect(await Bun.file(path).text()).toBe(before);
  });
});

describe("hasSealedRows()", () => {
  test("is true only while something sealed is there: a session, or what it received", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    expect(await hasSealedRows(path)).toBe(false);
    expect(await readdir(folder.path)).toEqual([]);
    const key = createKey();
    const vault = createVault({ keys: [key], activeKeyId: key.id });
    await using storage = await openStorage({ path, vault });
    expect(await hasSealedRows(path)).toBe(false);
    await storage.sessions.save(sessionOf());
    expect(await hasSealedRows(path)).toBe(true);
    await storage.sessions.delete(me);
    expect(await hasSealedRows(path)).toBe(false);
    await storage.journal.append([{ account: me, events: [received()], state: null }]);
    expect(await hasSealedRows(path)).toBe(true);
  });

  test("refuses a file that is no database", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await writeFile(path, "not a database at all, but long enough to look like one ".repeat(40));
    await expect(hasSealedRows(path)).rejects.toMatchObject({ code: "STORAGE_CORRUPT" });
  });
});
