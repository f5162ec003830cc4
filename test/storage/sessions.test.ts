import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { parseChatId, parseUserId } from "../../runtime/contract/index.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { createKey, createVault } from "../../runtime/vault/index.ts";
import { me, memoryStorage, newVault, other, sessionOf, temporaryFolder } from "./fixture.ts";

describe("SessionRepository", () => {
  test("load() gives back what save() was given, and null for an account without a session", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    expect(await storage.sessions.load(me)).toEqual(sessionOf());
    expect(await storage.sessions.load(other)).toBeNull();
  });

  test("save() replaces the whole session, its keys included", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    const changed = sessionOf({
      mainDataCentreId: 4,
      state: "logged-out",
      authKeys: new Map([
        [4, new Uint8Array(256).fill(9)],
        [5, new Uint8Array(256).fill(5)],
      ]),
      lastVerifiedAtMs: 300,
    });
    await storage.sessions.save(changed);
    expect(await storage.sessions.load(me)).toEqual(changed);
    await storage.sessions.save(sessionOf({ authKeys: new Map() }));
    expect((await storage.sessions.load(me))?.authKeys.size).toBe(0);
  });

  test("save() of another person forgets what was learned as the former one", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    const chatId = parseChatId("7");
    const entity = { kind: "user", accessHash: "1", username: null, isMin: false, snapshot: {} } as const;
    await storage.entities.upsert(me, [{ ...entity, chatId, seenAtMs: 1 }]);
    const account = { pts: 1, qts: 1, date: 1, seq: 1 };
    await storage.updateStates.apply(me, { account, channels: new Map(), forgotten: [] });

    await storage.sessions.save(sessionOf({ userId: null, lastUsedAtMs: 900 }));
    expect(await storage.entities.byId(me, chatId)).not.toBeNull();
    expect((await storage.sessions.load(me))?.userId).toBe(parseUserId("42"));

    await storage.accountPasswords.save(me, "a lighthouse");
    await storage.sessions.save(sessionOf({ userId: parseUserId("43") }));
    expect(await storage.accountPasswords.load(me)).toBeNull();
    expect(await storage.entities.byId(me, chatId)).toBeNull();
    expect(await storage.updateStates.load(me)).toBeNull();
  });

  test("list() needs no key and shows none", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const vault = newVault();
    {
      await using storage = await openStorage({ path, vault });
      await storage.sessions.save(sessionOf({ account: other, authKeys: new Map() }));
      await storage.sessions.save(sessionOf());
    }
    await using storage = await openStorage({ path, vault: newVault() });
    const list = await storage.sessions.list();
    expect(list.map(({ account }) => account)).toEqual([me, other]);
    expect(list.map(({ vaultKeyId }) => vaultKeyId)).toEqual([vault.activeKeyId, null]);
    expect(list[0]).not.toHaveProperty("authKeys");
  });

  test("delete() takes the keys along and tells whether there was one", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    expect(await storage.sessions.delete(me)).toBe(true);
    expect(await storage.sessions.delete(me)).toBe(false);
    await storage.sessions.save(sessionOf({ authKeys: new Map() }));
    expect((await storage.sessions.load(me))?.authKeys.size).toBe(0);
  });

  test("delete() forgets what was learned, of this account alone, and keeps what Telegram wants waited for", async () => {
    await using storage = await memoryStorage();
    const wait = { method: "unsolicited", chatId: null, untilMs: 5_000 };
    for (const account of [me, other]) {
      await storage.sessions.save(sessionOf({ account }));
      await storage.accountPasswords.save(account, "secret");
      await storage.floodWaits.put({ account, ...wait });
      const place = { pts: 1, qts: 1, date: 1, seq: 1 };
      await storage.updateStates.apply(account, { account: place, channels: new Map(), forgotten: [] });
    }
    await storage.sessions.delete(me);
    expect(await storage.updateStates.load(me)).toBeNull();
    expect(await storage.accountPasswords.load(me)).toBeNull();
    expect(await storage.floodWaits.list(me)).toMatchObject([wait]);
    expect(await storage.updateStates.load(other)).not.toBeNull();
    expect(await storage.accountPasswords.load(other)).toBe("secret");
  });

  test("notice() is told until the session is used or written again", async () => {
    await using storage = await memoryStorage();
    const noticed = async () => (await storage.sessions.list())[0]?.noticedAtMs;
    await storage.sessions.save(sessionOf({ lastUsedAtMs: 200 }));
    expect(await noticed()).toBeNull();
    await storage.sessions.notice(me, 300);
    expect(await noticed()).toBe(300);
    await storage.sessions.touch(me, 301);
    expect(await noticed()).toBeNull();
    await storage.sessions.notice(me, 400);
    await storage.sessions.save(sessionOf({ lastUsedAtMs: 200 }));
    expect(await noticed()).toBeNull();
  });

  test("touch() moves the last use forward only", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.save(sessionOf());
    await storage.sessions.touch(me, 500);
    await storage.sessions.touch(me, 400);
    expect((await storage.sessions.load(me))?.lastUsedAtMs).toBe(500);
  });
});

describe("sealed auth keys", () => {
  test("stand nowhere in the files as they are", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const secret = Buffer.from("the very secret auth key of data centre two");
    await using storage = await openStorage({ path, vault: newVault() });
    await storage.sessions.save(sessionOf({ authKeys: new Map([[2, secret]]) }));
    for (const file of [path, `${path}-wal`]) {
      expect(Buffer.from(await Bun.file(file).bytes()).includes(secret)).toBe(false);
    }
  });

  test("refuse a wrong key, and save() overwrites nothing then", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const right = newVault();
    {
      await using storage = await openStorage({ path, vault: right });
      await storage.sessions.save(sessionOf());
    }
    {
      await using storage = await openStorage({ path, vault: newVault() });
      await expect(storage.sessions.load(me)).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
      const theft = storage.sessions.save(sessionOf({ mainDataCentreId: 5, userId: parseUserId("1") }));
      await expect(theft).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
    }
    await using storage = await openStorage({ path, vault: right });
    expect(await storage.sessions.load(me)).toEqual(sessionOf());
  });

  test.each([
    [
      "between accounts",
      "UPDATE auth_keys SET sealed = (SELECT sealed FROM auth_keys WHERE account = 'other' AND data_centre_id = 2) WHERE account = 'me' AND data_centre_id = 2",
    ],
    [
      "between data centres",
      "UPDATE auth_keys SET sealed = (SELECT sealed FROM auth_keys WHERE account = 'me' AND data_centre_id = 4) WHERE account = 'me' AND data_centre_id = 2",
    ],
    [
      "for other bytes",
      "UPDATE auth_keys SET sealed = zeroblob(285) WHERE account = 'me' AND data_centre_id = 2",
    ],
  ])("cannot be swapped %s: they are none, until a new login replaces them", async (_, sql) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using storage = await openStorage({ path, vault: newVault() });
    await storage.sessions.save(sessionOf());
    await storage.sessions.save(sessionOf({ account: other }));
    using thief = new Database(path);
    thief.run(sql);
    const { authKeys } = sessionOf();
    expect((await storage.sessions.load(me))?.authKeys).toEqual(new Map([...authKeys].slice(1)));
    expect(await storage.sessions.load(other)).toEqual(sessionOf({ account: other }));
    await storage.sessions.save(sessionOf());
    expect(await storage.sessions.load(me)).toEqual(sessionOf());
  });

  test("go over to a new key with the next save", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    const [former, active] = [createKey(), createKey()];
    {
      const vault = createVault({ keys: [former], activeKeyId: former.id });
      await using storage = await openStorage({ path, vault });
      await storage.sessions.save(sessionOf());
    }
    {
      const vault = createVault({ keys: [active, former], activeKeyId: active.id });
      await using storage = await openStorage({ path, vault });
      await storage.sessions.save(sessionOf());
    }
    const vault = createVault({ keys: [active], activeKeyId: active.id });
    await using storage = await openStorage({ path, vault });
    expect(await storage.sessions.load(me)).toEqual(sessionOf());
  });
});
