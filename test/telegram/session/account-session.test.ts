import { describe, expect, test } from "bun:test";
import { parseAccountName, parseUserId } from "../../../runtime/contract/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { AccountSession } from "../../../runtime/telegram/session.ts";
import { memoryStorage } from "../support/storage.ts";

const account = parseAccountName("me");
const userId = parseUserId("7");
const keyOf = (byte: number) => new Uint8Array(256).fill(byte);

function begin(storage: Storage): AccountSession {
  return AccountSession.begin(storage.sessions, {
    account,
    device: { model: "test", systemVersion: "1", appVersion: "1" },
    mainDataCentreId: 2,
    nowMs: 1000,
  });
}

describe("AccountSession (G10)", () => {
  test("is stored by the login, not before it", async () => {
    await using storage = await memoryStorage();
    const session = begin(storage);
    await session.setAuthKey(2, keyOf(1));
    await session.moveTo(4);
    expect(await AccountSession.load(storage.sessions, account)).toBeNull();
    await session.logIn(userId, 2000);
    const loaded = await AccountSession.load(storage.sessions, account);
    expect(loaded).toMatchObject({ userId, mainDataCentreId: 4, isLoggedOut: false });
  });

  test("keeps a key for each data centre", async () => {
    await using storage = await memoryStorage();
    const session = begin(storage);
    await session.logIn(userId, 2000);
    await session.setAuthKey(2, keyOf(1));
    await session.setAuthKey(4, keyOf(2));
    const loaded = await AccountSession.load(storage.sessions, account);
    expect(loaded?.authKey(2)).toEqual(keyOf(1));
    expect(loaded?.authKey(4)).toEqual(keyOf(2));
    expect(loaded?.authKey(5)).toBeNull();
  });

  test("writes changes in their order, each with all before it", async () => {
    await using storage = await memoryStorage();
    const session = begin(storage);
    await Promise.all([
      session.logIn(userId, 2000),
      session.setAuthKey(2, keyOf(1)),
      session.setAuthKey(4, keyOf(2)),
      session.setAuthKey(2, null),
      session.verify(3000),
    ]);
    await session.saved();
    const record = await storage.sessions.load(account);
    expect(record).toMatchObject({ lastVerifiedAtMs: 3000, createdAtMs: 1000 });
    expect([...(record?.authKeys.keys() ?? [])]).toEqual([4]);
  });

  test("remembers that it is over, with its keys", async () => {
    await using storage = await memoryStorage();
    const session = begin(storage);
    await session.logIn(userId, 2000);
    await session.setAuthKey(2, keyOf(1));
    await session.end();
    const loaded = await AccountSession.load(storage.sessions, account);
    expect(loaded?.isLoggedOut).toBe(true);
    expect(loaded?.authKey(2)).toEqual(keyOf(1));
  });

  test("tells when a change cannot be saved, and saves the next", async () => {
    const storage = await memoryStorage();
    const session = begin(storage);
    await session.logIn(userId, 2000);
    await storage.close();
    await expect(session.verify(3000)).rejects.toMatchObject({ category: "STORAGE" });
    await expect(session.verify(4000)).rejects.toMatchObject({ category: "STORAGE" });
  });
});
