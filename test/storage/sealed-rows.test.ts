import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Message, parsePluginName } from "../../runtime/contract/index.ts";
import { openStorage, type Storage } from "../../runtime/storage/index.ts";
import { tablesWithSealedRows } from "../../runtime/storage/sealed-rows.ts";
import { sealedTables } from "../../runtime/storage/sealed-tables.ts";
import { createKey, createVault, type VaultKey } from "../../runtime/vault/index.ts";
import { received } from "../support/sample-events.ts";
import { me, sessionOf, temporaryFolder } from "./fixture.ts";

const error = { code: "BROKEN", message: "Cannot" };
// As far as the repository looks into it.
const message = received() as unknown as Message;
const letter = received({ text: "put aside" });

/** A row in every table with sealed ones, and many in the journal. */
async function fill(storage: Storage): Promise<void> {
  const { accountPasswords, deadLetters, journal, sentMessages, sessions, spareKeys } = storage;
  await sessions.save(sessionOf());
  await spareKeys.replace(me, new Map([[2, new Uint8Array(256).fill(7)]]));
  await accountPasswords.save(me, "a lighthouse");
  await journal.append([{ account: me, events: Array.from({ length: 450 }, () => received()), state: null }]);
  await sentMessages.put(me, new Map([["1", message]]));
  const plugin = parsePluginName("echo");
  await deadLetters.add({ plugin, chatId: null, event: letter, attempts: 5, error });
}

/** A database on disk that one key after another may open; the keys stay as they are. */
async function filled() {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await temporaryFolder());
  const path = join(folder.path, "db.sqlite");
  const open = (...keys: readonly VaultKey[]) =>
    openStorage({ path, vault: createVault({ keys, activeKeyId: keys[0]?.id ?? "" }) });
  const former = createKey();
  {
    await using storage = await open(former);
    await fill(storage);
  }
  const owned = made.move();
  return { former, next: createKey(), open, path, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("SealedRowRepository", () => {
  test("knows every table that the schema seals rows of", async () => {
    await using it = await filled();
    using connection = new Database(it.path);
    const names = tablesWithSealedRows(connection);
    expect(sealedTables.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    await using storage = await it.open(it.former);
    const counts = await storage.sealedRows.count();
    expect(counts.map(({ table, keyId, rows }) => [table, keyId === it.former.id, rows])).toEqual([
      ["auth_keys", true, 2],
      ["spare_keys", true, 1],
      ["account_passwords", true, 1],
      ["journal_events", true, 450],
      ["dead_letters", true, 1],
      ["sent_messages", true, 1],
    ]);
    expect(await storage.sealedRows.check()).toEqual({ opened: 456, damaged: 0, unknown: 0 });
  });

  test("reseal() leaves nothing that needs the former key", async () => {
    await using it = await filled();
    {
      await using storage = await it.open(it.next, it.former);
      const seen: number[] = [];
      const done = await storage.sealedRows.reseal((progress) => seen.push(progress.done));
      expect(done).toEqual({ done: 456, total: 456, damaged: 0 });
      expect(seen).toEqual([2, 3, 4, 204, 404, 454, 455, 456]);
    }
    await using storage = await it.open(it.next);
    expect(await storage.sealedRows.check()).toEqual({ opened: 456, damaged: 0, unknown: 0 });
    expect(await storage.sessions.load(me)).toEqual(sessionOf());
    expect((await storage.journal.read(0, 500)).every(({ event }) => event !== null)).toBe(true);
    expect(await storage.sentMessages.find(me, "1")).toEqual(message);
    const [{ id } = { id: "" }] = await storage.deadLetters.list(1);
    await storage.deadLetters.replay(id);
    expect((await storage.journal.read(450, 1))[0]?.event).toEqual(letter);
  });

  test("reseal() goes on where it was ended", async () => {
    await using it = await filled();
    await using storage = await it.open(it.next, it.former);
    const stop = new AbortController();
    const cut = storage.sealedRows.reseal(() => stop.abort(new Error("cut")), stop.signal);
    await expect(cut).rejects.toThrow("cut");
    expect(await storage.sealedRows.check()).toEqual({ opened: 456, damaged: 0, unknown: 0 });
    expect(await storage.sealedRows.reseal()).toEqual({ done: 454, total: 454, damaged: 0 });
    expect(await storage.sealedRows.reseal()).toEqual({ done: 0, total: 0, damaged: 0 });
  });

  test("a password that another key has sealed is not written over, one that is damaged is", async () => {
    await using it = await filled();
    {
      await using storage = await it.open(it.next);
      const saving = storage.accountPasswords.save(me, "its lamp");
      await expect(saving).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
    }
    await using storage = await it.open(it.next, it.former);
    expect(await storage.accountPasswords.load(me)).toBe("a lighthouse");
    using connection = new Database(it.path);
    connection.run("UPDATE account_passwords SET sealed = zeroblob(100)");
    await storage.accountPasswords.save(me, "its lamp");
    expect(await storage.accountPasswords.load(me)).toBe("its lamp");
  });

  test("reseal() hands a damaged row on as one, and changes no row whose key is missing", async () => {
    await using it = await filled();
    {
      using connection = new Database(it.path);
      connection.run("UPDATE journal_events SET sealed = zeroblob(100) WHERE seq = 1");
    }
    {
      await using storage = await it.open(it.next);
      await expect(storage.sealedRows.reseal()).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
      expect(await storage.sealedRows.check()).toMatchObject({ opened: 0, unknown: 456 });
    }
    {
      await using storage = await it.open(it.next, it.former);
      expect(await storage.sealedRows.reseal()).toEqual({ done: 456, total: 456, damaged: 1 });
    }
    await using storage = await it.open(it.next);
    expect(await storage.sealedRows.check()).toEqual({ opened: 455, damaged: 1, unknown: 0 });
    expect((await storage.journal.read(0, 1))[0]?.event).toBeNull();
  });

  test("isSealedWith() tells of the keys that have sealed something", async () => {
    await using it = await filled();
    await using storage = await it.open(it.next);
    expect(await storage.sealedRows.isSealedWith([it.next.id, it.former.id])).toBe(true);
    expect(await storage.sealedRows.isSealedWith([it.next.id])).toBe(false);
    expect(await storage.sealedRows.isSealedWith([])).toBe(false);
  });

  test("retire() has no program seal with that key again", async () => {
    await using it = await filled();
    await using running = await it.open(it.former);
    await using storage = await it.open(it.next, it.former);
    await storage.sealedRows.retire([it.former.id]);
    expect(await storage.sealedRows.retired()).toEqual([it.former.id]);
    const refused = {
      code: "VAULT_KEY_RETIRED",
      retryable: false,
      // The code stands behind it wherever it is shown.
      message: expect.not.stringContaining("VAULT_KEY_RETIRED"),
    };
    await expect(running.sessions.save(sessionOf())).rejects.toMatchObject(refused);
    await expect(running.sentMessages.put(me, new Map([["2", message]]))).rejects.toMatchObject(refused);
    expect(await running.sessions.load(me)).toEqual(sessionOf());
    await storage.sessions.save(sessionOf());
  });
});
