import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmod, lstat, mkdir, readFile, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAccountName } from "../../runtime/contract/index.ts";
import { loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createKey, createVault, formatKey, parseKey } from "../../runtime/vault/index.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";
import { mayMakeReadOnly, readOnly } from "../support/mounts.ts";
import { received } from "../support/sample-events.ts";
import { pluginText } from "../testkit/plugin-file.ts";
import { startCli } from "./cli-process.ts";

// Programs start, some of them beside others.
setDefaultTimeout(60_000);

const canMakeReadOnly = await mayMakeReadOnly();

/** Runs `telegraphist key …` to its end. */
async function key({ folder }: Installation, args: readonly string[], env: Record<string, string> = {}) {
  await using run = startCli(["key", ...args], { folder, env });
  const code = await run.exited;
  return { code, output: run.output(), errors: run.errors() };
}

/** An installation with a session, and events enough for a rotation of some length. */
async function inUse(): Promise<Installation> {
  const installation = await createInstallation();
  await installation.logIn();
  await using storage = await openOwn(installation);
  const events = Array.from({ length: 3_000 }, () => received());
  await storage.journal.append([{ account: parseAccountName("me"), events, state: null }]);
  return installation;
}

async function openOwn({ databasePath, keyPath }: Installation) {
  const keys = await loadOrCreateKey({ env: {}, path: keyPath, hasSealedRows: async () => true });
  return openStorage({ path: databasePath, vault: createVault(keys) });
}

const keysIn = async ({ keyPath }: Installation) => (await readFile(keyPath, "utf8")).trim().split(/\s+/);

describe("telegraphist key", () => {
  test("rotates the key, and the account runs on with the new one", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    const rotated = await key(it, ["rotate"]);
    expect(rotated).toMatchObject({
      code: 0,
      output: expect.stringMatching(/ok 3\d+ row\(s\) sealed with key/),
    });
    expect(rotated.errors).toMatch(/sealed anew: \d+ of 3\d+ row\(s\), \d+ %/);
    const [next = "", ...others] = await keysIn(it);
    expect(others).toEqual([]);
    expect(next).not.toBe(former);
    expect(rotated.output + rotated.errors).not.toContain(next);
    const status = JSON.parse((await key(it, ["status", "--json"])).output);
    expect(status).toMatchObject({
      source: "file",
      activeKeyId: parseKey(next).id,
      keys: [{ isKnown: true }],
    });
    await using run = startCli(["run"], { folder: it.folder });
    await run.seen(/ready: 1 account/);
  });

  test.each([1, 3, 6])("rotates on after a kill at the %d. word of its progress", async (words) => {
    await using it = await inUse();
    {
      await using cut = startCli(["key", "rotate"], { folder: it.folder });
      await cut.seen(new RegExp(`(sealed anew[^]*?){${words}}`));
    }
    {
      await using storage = await openOwn(it);
      expect(await storage.sealedRows.check()).toMatchObject({ damaged: 0, unknown: 0 });
      expect(await storage.sessions.load(parseAccountName("me"))).not.toBeNull();
    }
    expect((await key(it, ["rotate"])).code).toBe(0);
    expect(await keysIn(it)).toHaveLength(1);
    expect(await key(it, ["check"])).toMatchObject({ code: 0, output: expect.stringContaining("ok 3") });
  });

  test("goes on with the first of several keys, as after a kill before the first row", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    const next = createKey();
    await Bun.write(it.keyPath, `${formatKey(next)}\n${former}\n`);
    expect((await key(it, ["status"])).output).toContain("a rotation is not done");
    expect(await key(it, ["rotate"])).toMatchObject({ code: 0, output: expect.stringContaining(next.id) });
    expect(await keysIn(it)).toEqual([formatKey(next)]);
  });

  test("changes nothing while a program runs", async () => {
    await using it = await inUse();
    const before = await keysIn(it);
    await using run = startCli(["run"], { folder: it.folder });
    await run.seen(/ready: 1 account/);
    expect(await key(it, ["rotate"])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/process \d+ on ".+" runs on the database: stop it first \(LEASE_HELD\)/),
    });
    expect(await keysIn(it)).toEqual(before);
  });

  test("changes nothing with a wrong key, and says which one is missing", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    await Bun.write(it.keyPath, `${formatKey(createKey())}\n`);
    const wrong = await key(it, ["rotate"]);
    expect(wrong.code).toBe(1);
    expect(wrong.errors).toMatch(/^error: Cannot rotate the key as \d+ row\(s\) .*\(VAULT_WRONG_KEY\)$/m);
    expect(wrong.errors).toContain(parseKey(former).id);
    await it.configure({ accounts: { another: {} } });
    for (const args of [
      ["sessions", "password", "me"],
      ["run", "--await-login"],
    ]) {
      await using other = startCli(args, { folder: it.folder, input: "a lighthouse\n" });
      expect([await other.exited, other.errors()]).toEqual([1, expect.stringContaining("(VAULT_WRONG_KEY)")]);
    }
    expect((await key(it, ["check"])).code).toBe(1);
    expect((await key(it, ["status"])).output).toContain("missing: these rows do not open");
    await Bun.write(it.keyPath, `${former}\n`);
    expect((await key(it, ["check"])).code).toBe(0);
  });

  test("rotates a key of the environment to the one before it", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    const alone = await key(it, ["rotate"], { TELEGRAPHIST_KEY: former });
    expect(alone).toMatchObject({ code: 1, errors: expect.stringContaining("(APP_KEY_IN_ENVIRONMENT)") });
    const next = (await key(it, ["new"])).output.trim();
    const reversed = await key(it, ["rotate"], { TELEGRAPHIST_KEY: `${former} ${next}` });
    expect(reversed).toMatchObject({ code: 1, errors: expect.stringContaining("(APP_KEY_ORDER)") });
    const rotated = await key(it, ["rotate"], { TELEGRAPHIST_KEY: `${next} ${former}` });
    expect(rotated).toMatchObject({ code: 0, output: expect.stringContaining(parseKey(former).id) });
    expect((await key(it, ["check"], { TELEGRAPHIST_KEY: next })).code).toBe(0);
    await using run = startCli(["run"], {
      folder: it.folder,
      env: { TELEGRAPHIST_KEY: `${former} ${next}` },
    });
    expect([await run.exited, run.errors()]).toEqual([1, expect.stringContaining("(VAULT_KEY_RETIRED)")]);
    expect(await keysIn(it)).toEqual([former]);
  });

  test("locks the key file with a passphrase, which a rotation keeps", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    const passphrase = "four words on a shelf";
    expect((await key(it, ["lock"], { TELEGRAPHIST_NEW_PASSPHRASE: passphrase })).code).toBe(0);
    expect(await readFile(it.keyPath, "utf8")).not.toContain(former);
    const given = { TELEGRAPHIST_PASSPHRASE: passphrase };
    expect((await key(it, ["rotate"], given)).code).toBe(0);
    expect((await key(it, ["check"])).errors).toContain("(STORAGE_KEY_LOCKED)");
    const wrong = await key(it, ["check"], { TELEGRAPHIST_PASSPHRASE: "five words" });
    expect(wrong.errors).toContain("(VAULT_WRONG_PASSPHRASE)");
    expect(wrong.errors).not.toContain("five words");
    expect((await key(it, ["unlock"], given)).code).toBe(0);
    expect(await key(it, ["check"])).toMatchObject({ code: 0 });
    expect(await keysIn(it)).not.toEqual([former]);
  });

  test("writes through a link, to where the key is kept", async () => {
    await using it = await inUse();
    const kept = join(it.folder, "kept");
    await mkdir(kept);
    await rename(it.keyPath, join(kept, "key"));
    await symlink("kept/key", it.keyPath);
    const before = await keysIn(it);
    expect((await key(it, ["rotate"])).code).toBe(0);
    expect((await key(it, ["lock"], { TELEGRAPHIST_NEW_PASSPHRASE: "four words" })).code).toBe(0);
    expect((await key(it, ["unlock"], { TELEGRAPHIST_PASSPHRASE: "four words" })).code).toBe(0);
    expect((await lstat(it.keyPath)).isSymbolicLink()).toBe(true);
    expect(await keysIn(it)).not.toEqual(before);
    expect(await key(it, ["check"])).toMatchObject({ code: 0 });
  });

  test("changes nothing while another command changes the key file", async () => {
    await using it = await inUse();
    const before = await keysIn(it);
    const passphrase = { TELEGRAPHIST_NEW_PASSPHRASE: "four words on a shelf" };
    {
      await using rotation = startCli(["key", "rotate"], { folder: it.folder });
      await rotation.seen(/sealed anew/);
      rotation.kill("SIGSTOP");
      const between = await keysIn(it);
      for (const command of ["lock", "unlock", "rotate"]) {
        expect(await key(it, [command], passphrase)).toMatchObject({
          code: 1,
          errors: expect.stringContaining("(STORAGE_KEY_BUSY)"),
        });
      }
      expect(await keysIn(it)).toEqual(between);
      rotation.kill("SIGCONT");
      expect(await rotation.exited).toBe(0);
    }
    const [next = "", ...others] = await keysIn(it);
    expect([others, before.includes(next)]).toEqual([[], false]);
    expect((await key(it, ["lock"], passphrase)).code).toBe(0);
    const check = await key(it, ["check"], { TELEGRAPHIST_PASSPHRASE: "four words on a shelf" });
    expect(check).toMatchObject({ code: 0, output: expect.stringContaining("ok 3") });
  });

  test.skipIf(!canMakeReadOnly)("retires nothing where the key file cannot be written", async () => {
    await using it = await inUse();
    const [former = ""] = await keysIn(it);
    await it.configure({ storage: { keyFile: "secret/key" } });
    const path = join(it.folder, "secret", "key");
    await Bun.write(path, `${formatKey(createKey())}\n${former}\n`);
    await chmod(path, 0o600);
    {
      await using _closed = await readOnly(dirname(path));
      for (const command of ["rotate", "unlock"]) {
        expect(await key(it, [command])).toMatchObject({
          code: 1,
          errors: expect.stringContaining("(STORAGE_KEY_READ_ONLY)"),
        });
      }
    }
    using connection = new Database(it.databasePath);
    expect(connection.query("SELECT * FROM retired_keys").all()).toEqual([]);
    const { id } = parseKey(former);
    expect((await key(it, ["status"])).output).toMatch(new RegExp(`${id}  3\\d+ row`));
  });

  test.skipIf(!canMakeReadOnly)("is of use where it cannot be written, plugins too", async () => {
    await using it = await inUse();
    const secret = join(it.folder, "secret");
    await mkdir(secret);
    await rename(it.keyPath, join(secret, "key"));
    const plugins = { echo: { use: "./echo.ts", trusted: true } };
    await it.configure({ plugins, storage: { keyFile: "secret/key" } });
    await it.write("echo.ts", pluginText("echo", ""));
    await using _closed = await readOnly(secret);
    expect(await key(it, ["check"])).toMatchObject({ code: 0 });
    await using run = startCli(["run"], { folder: it.folder });
    await run.seen(/ready: 1 account.* 1 plugin/);
  });

  test("does not ask the plugins", async () => {
    await using it = await inUse();
    await it.configure({ plugins: { echo: { use: "./nowhere.ts" } } });
    expect(await key(it, ["check"])).toMatchObject({ code: 0 });
    await it.write("telegraphist.yaml", "version: 2\n");
    expect((await key(it, ["check"])).code).toBe(1);
  });

  test("refuses a key file that others may read, and what it does not know", async () => {
    await using it = await inUse();
    await chmod(it.keyPath, 0o644);
    expect((await key(it, ["check"])).errors).toContain(`chmod 600 ${it.keyPath}`);
    expect(await key(it, ["burn"])).toMatchObject({ code: 2, errors: expect.stringContaining("is none of") });
  });
});
