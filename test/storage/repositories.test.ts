import { describe, expect, test } from "bun:test";
import {
  type ChatId,
  chatIdOf,
  type JsonValue,
  parseChatId,
  parsePluginName,
  parseUserId,
} from "../../runtime/contract/index.ts";
import type { ChannelState, EntityRecord, InviteLinkRecord } from "../../runtime/storage/index.ts";
import { me, memoryStorage, other } from "./fixture.ts";

const bob = parseChatId("7");

function entityOf(changes: Partial<EntityRecord> = {}): EntityRecord {
  return {
    chatId: bob,
    kind: "user",
    accessHash: "-123456789012345678",
    username: "bob",
    isMin: false,
    snapshot: { id: "7", displayName: "Bob" },
    seenAtMs: 10,
    lastMessageAtMs: null,
    ...changes,
  };
}

describe("EntityRepository", () => {
  test("byId() and byUsername() give back what upsert() was given, for that account alone", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf()]);
    expect(await storage.entities.byId(me, bob)).toEqual(entityOf());
    expect(await storage.entities.byUsername(me, "BOB")).toEqual(entityOf());
    expect(await storage.entities.byId(other, bob)).toBeNull();
    expect(await storage.entities.byUsername(other, "bob")).toBeNull();
  });

  test("upsert() keeps one row however often a peer is seen", async () => {
    await using storage = await memoryStorage();
    const sightings = Array.from({ length: 1000 }, (_, index) => entityOf({ seenAtMs: index }));
    await storage.entities.upsert(me, sightings);
    expect((await storage.entities.byId(me, bob))?.seenAtMs).toBe(999);
    await storage.entities.upsert(me, [entityOf({ username: null, seenAtMs: 5 })]);
    expect(await storage.entities.byId(me, bob)).toMatchObject({ username: null, seenAtMs: 999 });
    expect(await storage.entities.byUsername(me, "bob")).toBeNull();
  });

  test("upsert() lets a min sighting take nothing from a peer that is known in full", async () => {
    await using storage = await memoryStorage();
    const min = entityOf({ isMin: true, accessHash: null, username: null, snapshot: {}, seenAtMs: 20 });
    await storage.entities.upsert(me, [min]);
    expect(await storage.entities.byId(me, bob)).toEqual(min);
    await storage.entities.upsert(me, [entityOf({ seenAtMs: 30 })]);
    await storage.entities.upsert(me, [{ ...min, accessHash: "5", seenAtMs: 40 }]);
    expect(await storage.entities.byId(me, bob)).toEqual(entityOf({ seenAtMs: 40 }));
  });

  test("upsert() keeps a known access hash when a full sighting has none", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf(), entityOf({ accessHash: null, username: "bobby" })]);
    expect(await storage.entities.byId(me, bob)).toEqual(entityOf({ username: "bobby" }));
  });

  test("upsert() moves the last message forward only", async () => {
    await using storage = await memoryStorage();
    for (const lastMessageAtMs of [null, 50, 40]) {
      await storage.entities.upsert(me, [entityOf({ lastMessageAtMs })]);
    }
    const { lastMessageAtMs: _, ...unknown } = entityOf();
    await storage.entities.upsert(me, [unknown]);
    expect((await storage.entities.byId(me, bob))?.lastMessageAtMs).toBe(50);
  });

  test("upsert() takes more rows than one statement can", async () => {
    await using storage = await memoryStorage();
    const crowd = Array.from({ length: 4001 }, (_, index) =>
      entityOf({ chatId: chatIdOf({ kind: "channel", bareId: String(index + 1) }), kind: "channel" }),
    );
    await storage.entities.upsert(me, crowd);
    const last = chatIdOf({ kind: "channel", bareId: "4001" });
    expect((await storage.entities.byId(me, last))?.kind).toBe("channel");
  });

  test("byUsername() prefers who was seen last under a name that moved", async () => {
    await using storage = await memoryStorage();
    const heir = parseChatId("8");
    await storage.entities.upsert(me, [entityOf({ chatId: heir, seenAtMs: 50 }), entityOf({ seenAtMs: 40 })]);
    expect((await storage.entities.byUsername(me, "bob"))?.chatId).toBe(heir);
  });

  test("clear() forgets one account's peers", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf()]);
    await storage.entities.upsert(other, [entityOf()]);
    await storage.entities.clear(me);
    expect(await storage.entities.byId(me, bob)).toBeNull();
    expect(await storage.entities.byId(other, bob)).toEqual(entityOf());
  });
});

describe("ContactRepository", () => {
  test("list() gives each contact with what is known of the person", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf(), entityOf({ chatId: parseChatId("8"), username: null })]);
    const mutual = { userId: parseUserId("7"), isMutual: true };
    await storage.contacts.replace(me, [{ userId: parseUserId("8"), isMutual: false }]);
    await storage.contacts.replace(me, [mutual]);
    expect(await storage.contacts.list(me)).toEqual([{ ...mutual, entity: entityOf() }]);
    await storage.contacts.replace(me, []);
    expect(await storage.contacts.list(me)).toEqual([]);
  });

  test("replace() refuses a person who is no entity, and leaves the list as it was", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf()]);
    const known = { userId: parseUserId("7"), isMutual: false };
    await storage.contacts.replace(me, [known]);
    const stranger = { userId: parseUserId("99"), isMutual: false };
    await expect(storage.contacts.replace(me, [stranger])).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(await storage.contacts.list(me)).toMatchObject([known]);
  });
});

describe("InviteLinkRepository", () => {
  const link: InviteLinkRecord = {
    url: "https://t.me/+abc",
    chatId: bob,
    title: null,
    createdAtMs: 1,
    expiresAtMs: null,
    maxUses: 10,
    currentUses: 2,
    pendingRequests: 0,
    needsApproval: false,
    isRevoked: false,
  };

  test("list() gives a chat's links, the newest first, as put() last told them", async () => {
    await using storage = await memoryStorage();
    await storage.entities.upsert(me, [entityOf()]);
    const newer = { ...link, url: "https://t.me/+def", createdAtMs: 2 };
    await storage.inviteLinks.put(me, [link, newer]);
    await storage.inviteLinks.put(me, [{ ...link, currentUses: 3 }]);
    expect(await storage.inviteLinks.list(me, bob)).toEqual([newer, { ...link, currentUses: 3 }]);
  });

  test("put() refuses a chat that is no entity", async () => {
    await using storage = await memoryStorage();
    await expect(storage.inviteLinks.put(me, [link])).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });
});

describe("UpdateStateRepository", () => {
  const [news, talk] = [parseChatId("-1001"), parseChatId("-1002")];
  const state = { pts: 5, qts: 6, date: 7, seq: 8 };

  test("keeps the common state and each channel's by account", async () => {
    await using storage = await memoryStorage();
    const { updateStates } = storage;
    expect(await updateStates.load(me)).toBeNull();
    const talkAt: ChannelState = { pts: 3, date: null };
    await updateStates.apply(me, {
      account: { ...state, pts: 4 },
      channels: new Map<ChatId, ChannelState>([
        [news, { pts: 1, date: 10 }],
        [talk, talkAt],
      ]),
      forgotten: [],
    });
    const newsAt: ChannelState = { pts: 2, date: 20 };
    await updateStates.apply(me, { account: state, channels: new Map([[news, newsAt]]), forgotten: [] });
    expect(await updateStates.load(me)).toEqual(state);
    expect(await updateStates.loadChannels(me)).toEqual(
      new Map([
        [news, newsAt],
        [talk, talkAt],
      ]),
    );
    expect(await updateStates.loadChannels(other)).toEqual(new Map());
  });

  test("apply() writes what a batch changed, and clear() forgets the account", async () => {
    await using storage = await memoryStorage();
    await storage.updateStates.apply(me, {
      account: state,
      channels: new Map([[news, { pts: 1, date: 1 }]]),
      forgotten: [],
    });
    await storage.updateStates.apply(me, {
      account: null,
      channels: new Map([[talk, { pts: 7, date: 2 }]]),
      forgotten: [news],
    });
    expect(await storage.updateStates.load(me)).toEqual(state);
    expect(await storage.updateStates.loadChannels(me)).toEqual(new Map([[talk, { pts: 7, date: 2 }]]));
    await storage.updateStates.clear(me);
    expect(await storage.updateStates.load(me)).toBeNull();
    expect(await storage.updateStates.loadChannels(me)).toEqual(new Map());
  });
});

describe("FloodWaitRepository", () => {
  test("keeps one end for each method and chat, the later one", async () => {
    await using storage = await memoryStorage();
    const everywhere = { account: me, method: "messages.sendMessage", chatId: null };
    const here = { ...everywhere, chatId: bob };
    await storage.floodWaits.put({ ...everywhere, untilMs: 5000 });
    await storage.floodWaits.put({ ...everywhere, untilMs: 4000 });
    await storage.floodWaits.put({ ...here, untilMs: 6000 });
    expect(await storage.floodWaits.list(me)).toEqual([
      { ...everywhere, untilMs: 5000 },
      { ...here, untilMs: 6000 },
    ]);
    expect(await storage.floodWaits.list(other)).toEqual([]);
  });

  test("clear() forgets one account's", async () => {
    await using storage = await memoryStorage();
    const wait = { method: "messages.sendMessage", chatId: null, untilMs: 5000 };
    for (const account of [me, other]) await storage.floodWaits.put({ account, ...wait });
    await storage.floodWaits.clear(me);
    expect(await storage.floodWaits.list(me)).toEqual([]);
    expect(await storage.floodWaits.list(other)).toEqual([{ account: other, ...wait }]);
  });

  test("prune() forgets what is over", async () => {
    await using storage = await memoryStorage();
    for (const untilMs of [5000, 7000]) {
      await storage.floodWaits.put({ account: me, method: `m${untilMs}`, chatId: null, untilMs });
    }
    expect(await storage.floodWaits.prune(5000)).toBe(1);
    expect(await storage.floodWaits.list(me)).toMatchObject([{ method: "m7000" }]);
  });
});

describe("PluginStoreRepository", () => {
  const plugin = parsePluginName("autoresponder");
  const stranger = parsePluginName("stranger");

  test.each<[string, JsonValue]>([
    ["text", "a \u0000 b 🙂"],
    ["a number", 0.1],
    ["null", null],
    ["false", false],
    ["a tree", { list: [1, [2, { deep: "x" }]], "": "" }],
  ])("gives back %s", async (_, value) => {
    await using storage = await memoryStorage();
    await storage.pluginStore.set(plugin, "key", value);
    expect(await storage.pluginStore.get(plugin, "key")).toEqual(value);
    expect(await storage.pluginStore.get(stranger, "key")).toBeUndefined();
  });

  test("returns no entry whose time is over", async () => {
    let nowMs = 1000;
    await using storage = await memoryStorage(() => nowMs);
    await storage.pluginStore.set(plugin, "short", 1, { ttlMs: 100 });
    await storage.pluginStore.set(plugin, "long", 2);
    nowMs = 1099;
    expect(await storage.pluginStore.get(plugin, "short")).toBe(1);
    nowMs = 1100;
    expect(await storage.pluginStore.get(plugin, "short")).toBeUndefined();
    expect(await storage.pluginStore.list(plugin, "", { limit: 10 })).toEqual([
      { key: "long", value: 2, expiresAtMs: null },
    ]);
    expect(await storage.pluginStore.delete(plugin, "short")).toBe(false);
    await storage.pluginStore.set(plugin, "short", 3, { ttlMs: 1 });
    nowMs = 2000;
    expect(await storage.pluginStore.prune()).toBe(1);
  });

  test("lists no more at once than fits into memory", async () => {
    await using storage = await memoryStorage();
    const value = "x".repeat(1024 ** 2);
    for (let entry = 10; entry < 43; entry++) await storage.pluginStore.set(plugin, `large:${entry}`, value);
    await expect(storage.pluginStore.list(plugin, "large:", { limit: 100 })).rejects.toMatchObject({
      code: "STORE_LIST_TOO_LARGE",
    });
    expect(await storage.pluginStore.list(plugin, "large:", { limit: 2, after: "large:40" })).toHaveLength(2);
  });

  test("set() without a TTL makes an entry stay that had one", async () => {
    let nowMs = 0;
    await using storage = await memoryStorage(() => nowMs);
    await storage.pluginStore.set(plugin, "key", 1, { ttlMs: 10 });
    await storage.pluginStore.set(plugin, "key", 2);
    nowMs = 1000;
    expect(await storage.pluginStore.get(plugin, "key")).toBe(2);
  });

  test("list() gives a prefix in order, a page at a time", async () => {
    await using storage = await memoryStorage();
    const keys = ["a", "a:", "a:1", "a:10", "a:2", "a:%", "a:🙂", "b:1"];
    for (const key of keys) await storage.pluginStore.set(plugin, key, key);
    const listed = async (options: { limit: number; after?: string }) =>
      (await storage.pluginStore.list(plugin, "a:", options)).map(({ key }) => key);
    expect(await listed({ limit: 10 })).toEqual(["a:", "a:%", "a:1", "a:10", "a:2", "a:🙂"]);
    expect(await listed({ limit: 2 })).toEqual(["a:", "a:%"]);
    expect(await listed({ limit: 2, after: "a:%" })).toEqual(["a:1", "a:10"]);
  });

  test("delete() tells whether there was such an entry", async () => {
    await using storage = await memoryStorage();
    await storage.pluginStore.set(plugin, "key", 1);
    expect(await storage.pluginStore.delete(stranger, "key")).toBe(false);
    expect(await storage.pluginStore.delete(plugin, "key")).toBe(true);
    expect(await storage.pluginStore.delete(plugin, "key")).toBe(false);
  });
});
