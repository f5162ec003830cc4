import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkKeys, diagnose, keyStatus, rotateKey } from "../../runtime/app/index.ts";
import { openAppStorage } from "../../runtime/app/open-app-storage.ts";
import { parseAccountName } from "../../runtime/contract/index.ts";
import { createKey, formatKey, type VaultKey } from "../../runtime/vault/index.ts";
import { createLogger } from "../../telemetry/index.ts";

const me = parseAccountName("me");
const shell = { logger: createLogger({ level: "error", write: () => {} }), now: Date.now };

/** A database in which the first key has sealed two passwords; keys come from the environment. */
async function sealedBy(key: VaultKey) {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-app-"));
  made.defer(() => rm(folder, { recursive: true }));
  const config = { storage: { path: "db.sqlite", keyFile: "key" } };
  const place = (...keys: readonly VaultKey[]) => ({
    ...{ config, baseFolder: folder },
    env: { TELEGRAPHIST_KEY: keys.map(formatKey).join(" ") },
  });
  const open = (...keys: readonly VaultKey[]) => openAppStorage(place(...keys), shell);
  {
    await using storage = await open(key);
    await storage.accountPasswords.save(me, "a lighthouse");
    await storage.accountPasswords.save(parseAccountName("you"), "its lamp");
  }
  const owned = made.move();
  return { folder, open, place, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("openAppStorage()", () => {
  test("refuses keys of which none has sealed anything, and says which one has", async () => {
    const [key, wrong, other] = [createKey(), createKey(), createKey()];
    await using it = await sealedBy(key);
    await expect(it.open(wrong, other)).rejects.toMatchObject({
      code: "VAULT_WRONG_KEY",
      message: expect.stringContaining(`as key "${key.id}" sealed what the database holds`),
    });
    expect(await checkKeys(it.place(wrong), shell)).toEqual({ opened: 0, damaged: 0, unknown: 2 });
    const { keys } = await keyStatus(it.place(wrong), shell);
    expect(keys).toContainEqual({ keyId: key.id, isKnown: false, rows: 2 });
    await using storage = await it.open(key);
    expect(await storage.accountPasswords.load(me)).toBe("a lighthouse");
  });

  test("takes any key where nothing is sealed", async () => {
    const key = createKey();
    await using it = await sealedBy(key);
    {
      await using storage = await it.open(key);
      for (const account of ["me", "you"]) await storage.accountPasswords.delete(parseAccountName(account));
    }
    await using storage = await it.open(createKey());
    expect(await storage.accountPasswords.load(me)).toBeNull();
  });

  test("takes the keys of a rotation that is not done", async () => {
    const [former, next] = [createKey(), createKey()];
    await using it = await sealedBy(former);
    {
      await using storage = await it.open(next, former);
      await storage.sealedRows.retire([former.id]);
    }
    {
      await using storage = await it.open(next, former);
      await storage.accountPasswords.save(me, "a lighthouse");
    }
    await using storage = await it.open(next, former);
    expect((await storage.sealedRows.count()).map(({ keyId }) => keyId).toSorted()).toEqual(
      [former.id, next.id].toSorted(),
    );
  });

  test("refuses to seal with a retired key, and says which one comes first", async () => {
    const [former, next] = [createKey(), createKey()];
    await using it = await sealedBy(former);
    await rotateKey(it.place(next, former), shell);
    await expect(it.open(former, next)).rejects.toMatchObject({
      code: "VAULT_KEY_RETIRED",
      message: expect.stringContaining(`put key "${next.id}" before it`),
    });
    await expect(it.open(former)).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
    expect((await keyStatus(it.place(former, next), shell)).activeKeyId).toBe(former.id);
  });
});

describe("rotateKey()", () => {
  test("refuses the wrong order, and retires nothing by it", async () => {
    const [former, next] = [createKey(), createKey()];
    await using it = await sealedBy(former);
    await expect(rotateKey(it.place(former, next), shell)).rejects.toMatchObject({
      code: "APP_KEY_ORDER",
      message: expect.stringContaining("put the new key first"),
    });
    const rotated = await rotateKey(it.place(next, former), shell);
    expect(rotated).toMatchObject({ done: 2, activeKeyId: next.id, formerKeyIds: [former.id] });
    expect(await rotateKey(it.place(next, former), shell)).toMatchObject({ done: 0, activeKeyId: next.id });
    await using storage = await it.open(next);
    expect(await storage.sealedRows.retired()).toEqual([former.id]);
  });

  test("retires no key of the environment that has sealed nothing", async () => {
    const [former, next, spare] = [createKey(), createKey(), createKey()];
    await using it = await sealedBy(former);
    await rotateKey(it.place(next, spare, former), shell);
    await using storage = await it.open(next);
    expect(await storage.sealedRows.retired()).toEqual([former.id]);
  });

  test("goes on with a third key where both others are retired", async () => {
    const [key, other, third] = [createKey(), createKey(), createKey()];
    await using it = await sealedBy(key);
    {
      await using storage = await it.open(key);
      await storage.sealedRows.retire([key.id, other.id]);
    }
    await expect(rotateKey(it.place(key, other), shell)).rejects.toMatchObject({
      code: "VAULT_KEY_RETIRED",
      message: expect.stringContaining("or else a new one"),
    });
    expect(await rotateKey(it.place(third, key, other), shell)).toMatchObject({ done: 2 });
    await using storage = await it.open(third);
    expect(await storage.accountPasswords.load(me)).toBe("a lighthouse");
  });
});

test("diagnose() looks with a wrong key, and says which one is right", async () => {
  const key = createKey();
  await using it = await sealedBy(key);
  const config = { ...it.place(key).config, telemetry: {} };
  const findings = await diagnose({
    // As far as it is looked at.
    config: config as unknown as NonNullable<Parameters<typeof diagnose>[0]["config"]>,
    ...{ baseFolder: it.folder, env: it.place(createKey()).env, ...shell },
  });
  expect(findings.find(({ subject }) => subject === "database")).toMatchObject({
    state: "failed",
    detail: "VAULT_WRONG_KEY",
    advice: expect.stringContaining(key.id),
  });
});
