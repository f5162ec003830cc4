import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openStorage } from "../../runtime/storage/index.ts";
import { me, memoryStorage, newVault, other, sessionOf, temporaryFolder } from "./fixture.ts";

const key = (byte: number) => new Uint8Array(256).fill(byte);

describe("SpareKeyRepository", () => {
  test("load() gives back what replace() was given last, of each account", async () => {
    await using storage = await memoryStorage();
    await storage.spareKeys.replace(me, new Map([[2, key(1)]]));
    const keys = new Map([
      [2, key(2)],
      [4, key(4)],
    ]);
    await storage.spareKeys.replace(me, keys);
    expect(await storage.spareKeys.load(me)).toEqual(keys);
    expect((await storage.spareKeys.load(other)).size).toBe(0);
    await storage.spareKeys.replace(me, new Map());
    expect((await storage.spareKeys.load(me)).size).toBe(0);
  });
});

describe("SessionRepository.succeed()", () => {
  const successor = sessionOf({ authKeys: new Map([[2, key(9)]]), createdAtMs: 900 });

  test("has the keys until now take the place of the spare ones", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    await storage.spareKeys.replace(me, successor.authKeys);
    await storage.sessions.succeed(successor);
    expect(await storage.sessions.load(me)).toEqual(successor);
    expect(await storage.spareKeys.load(me)).toEqual(sessionOf().authKeys);
  });
});

describe("AccountPasswordRepository", () => {
  test("load() gives back what save() was given last, until delete()", async () => {
    await using storage = await memoryStorage();
    expect(await storage.accountPasswords.load(me)).toBeNull();
    await storage.accountPasswords.save(me, "first");
    await storage.accountPasswords.save(me, "wörter — zwei");
    expect(await storage.accountPasswords.load(me)).toBe("wörter — zwei");
    expect(await storage.accountPasswords.load(other)).toBeNull();
    expect(await storage.accountPasswords.delete(me)).toBe(true);
    expect(await storage.accountPasswords.delete(me)).toBe(false);
    expect(await storage.accountPasswords.load(me)).toBeNull();
  });

  test("save() leaves nothing of the password on disk", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const password = "a lighthouse keeper's lamp";
    await using storage = await openStorage({ path, vault: newVault() });
    await storage.accountPasswords.save(me, password);
    for (const file of [path, `${path}-wal`]) {
      expect(Buffer.from(await Bun.file(file).bytes()).includes(password)).toBe(false);
    }
  });
});
