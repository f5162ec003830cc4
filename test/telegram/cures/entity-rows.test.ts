import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api } from "telegram";
import { AuthKey } from "telegram/crypto/AuthKey";
import { MemorySession } from "telegram/sessions";
import { parseAccountName, parseChatId } from "../../../runtime/contract/index.ts";
import { openStorage } from "../../../runtime/storage/index.ts";
import { AccountSession } from "../../../runtime/telegram/session.ts";
import { createKey, createVault } from "../../../runtime/vault/index.ts";
import { memoryStorage } from "../support/storage.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

const sightings = 1000;
const account = parseAccountName("me");

describe("what an account remembers (G10)", () => {
  test("is one row for a person who was seen a thousand times", async () => {
    await using folder = await makeTemporaryFolder();
    const path = folder.path("peers.sqlite");
    const key = createKey();
    const vault = createVault({ keys: [key], activeKeyId: key.id });
    await using storage = await openStorage({ path, vault });
    const chatId = parseChatId("7");
    const seen = {
      chatId,
      kind: "user",
      accessHash: "1",
      username: null,
      isMin: false,
      snapshot: {},
    } as const;
    for (let seenAtMs = 1; seenAtMs <= sightings; seenAtMs += 1) {
      await storage.entities.upsert(account, [{ ...seen, seenAtMs }]);
    }
    expect(await storage.entities.byId(account, chatId)).toMatchObject({ seenAtMs: sightings });
    using database = new Database(path, { readonly: true });
    expect(database.query("select count(*) as rows from peers").get()).toEqual({ rows: 1 });
  });

  test("shows that GramJS by itself keeps a row for each sighting", () => {
    const session = new MemorySession();
    const user = new Api.User({ id: bigInt(7), accessHash: bigInt.one, firstName: "Ada" });
    for (let sighting = 0; sighting < sightings; sighting += 1) session.processEntities({ users: [user] });
    expect(session).toHaveProperty("_entities.size", sightings);
  });

  test("has the key of each data centre, of which GramJS keeps one", async () => {
    await using storage = await memoryStorage();
    const device = { model: "test", systemVersion: "1", appVersion: "1" };
    const ours = AccountSession.begin(storage.sessions, { account, device, mainDataCentreId: 2, nowMs: 0 });
    const theirs = new MemorySession();
    theirs.setDC(2, "127.0.0.1", 80);
    for (const [id, byte] of [
      [2, 2],
      [4, 4],
    ] as const) {
      const bytes = Buffer.alloc(256, byte);
      await ours.setAuthKey(id, bytes);
      const key = new AuthKey();
      await key.setKey(bytes);
      theirs.setAuthKey(key, id);
    }
    expect([2, 4].map((id) => ours.authKey(id)?.[0])).toEqual([2, 4]);
    expect([2, 4].map((id) => theirs.getAuthKey(id)?.getKey()?.[0])).toEqual([2, undefined]);
  });
});
