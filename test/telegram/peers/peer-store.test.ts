import { expect, test } from "bun:test";
import { parseAccountName, parseChatId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { userOfRecord } from "../../../runtime/telegram/peers/entity-record.ts";
import { PeerStore } from "../../../runtime/telegram/peers/peer-store.ts";
import { type OfflineAccount, openOffline } from "../support/offline.ts";
import { ann, club, news, tlUser } from "../support/tl.ts";

const annId = parseChatId("42");
const account = parseAccountName("me");

test("PeerStore.remember() has people and chats on disk before it resolves", async () => {
  await using offline = await openOffline();
  await offline.peers.store.remember({ users: [ann], chats: [club, news] });
  const { entities } = offline.storage;
  expect(await entities.byId(account, annId)).toMatchObject({
    kind: "user",
    accessHash: "4200",
    username: "ann",
  });
  expect(await entities.byId(account, parseChatId("-7"))).toMatchObject({ kind: "group", accessHash: null });
  expect(await entities.byUsername(account, "NEWS")).toMatchObject({ chatId: "-1000000000901" });
});

test("PeerStore.find() reads from disk what memory does not hold", async () => {
  await using offline = await openOffline();
  await offline.peers.store.remember({ users: [ann], chats: [] });
  const fresh = new PeerStore({
    account,
    logger: offline.logger,
    storage: offline.storage,
    now: () => offline.clock.now(),
  });
  expect(fresh.peek(annId)).toBeUndefined();
  const record = await fresh.find(annId);
  expect(record && userOfRecord(record)).toMatchObject({ displayName: "Ann Lee", username: "ann" });
  expect(fresh.peek(annId)).toBeDefined();
  expect(await fresh.find(parseChatId("99"))).toBeNull();
});

test("PeerStore.remember() takes nothing from someone known when the sighting is a min one", async () => {
  await using offline = await openOffline();
  const { store } = offline.peers;
  await store.remember({ users: [ann], chats: [] });
  await store.remember({
    users: [tlUser(42, { min: true, accessHash: longOf(1), firstName: "A" })],
    chats: [],
  });
  expect(await store.find(annId)).toMatchObject({ accessHash: "4200", isMin: false, username: "ann" });
});

test("PeerStore.remember() lets a full sighting complete a min one", async () => {
  await using offline = await openOffline();
  const { store } = offline.peers;
  await store.remember({
    users: [tlUser(42, { min: true, accessHash: longOf(1), firstName: "A" })],
    chats: [],
  });
  expect(await store.find(annId)).toMatchObject({ accessHash: null, isMin: true });
  await store.remember({ users: [ann], chats: [] });
  expect(await store.find(annId)).toMatchObject({ accessHash: "4200", isMin: false });
});

test("PeerStore.remember() keeps a known access hash when a sighting lacks one", async () => {
  await using offline = await openOffline();
  const { store } = offline.peers;
  await store.remember({ users: [ann], chats: [] });
  await store.remember({ users: [tlUser(42, { firstName: "Anna" })], chats: [] });
  const record = await store.find(annId);
  expect(record?.accessHash).toBe("4200");
  expect(record && userOfRecord(record)?.firstName).toBe("Anna");
});

test("PeerStore.remember() writes what changed, and no phone number", async () => {
  await using offline = await openOffline();
  const written: number[] = [];
  const { entities } = offline.storage;
  const store = new PeerStore({
    account,
    logger: offline.logger,
    now: () => offline.clock.now(),
    storage: {
      ...offline.storage,
      entities: {
        ...entities,
        upsert: async (name, records) => {
          written.push(records.length);
          await entities.upsert(name, records);
        },
      },
    },
  });
  const withPhone = tlUser(42, { firstName: "Ann", accessHash: longOf(1), phone: "15550001234" });
  await store.remember({ users: [withPhone], chats: [club] });
  await store.remember({ users: [withPhone], chats: [club] });
  await store.remember({ users: [tlUser(42, { firstName: "Anna", accessHash: longOf(1) })], chats: [club] });
  expect(written).toEqual([2, 1]);
  expect(JSON.stringify(await entities.byId(account, annId))).not.toContain("1555");
  await offline.clock.advance(3_600_000);
  await store.remember({ users: [], chats: [club] });
  expect(written).toEqual([2, 1, 1]);
});

test("PeerStore.remember() knows a chat that the account may not enter by its title", async () => {
  await using offline = await openOffline();
  const forbidden = new Api.ChannelForbidden({ id: longOf(5), accessHash: longOf(6), title: "Shut" });
  await offline.peers.store.remember({ users: [], chats: [forbidden] });
  expect(await offline.peers.store.find(parseChatId("-1000000000005"))).toMatchObject({ accessHash: "6" });
});

/** A store whose writes fail while they are told to. */
function failingStore(offline: OfflineAccount, capacity?: number) {
  const { entities } = offline.storage;
  const disk = { isFull: true };
  const upsert: typeof entities.upsert = async (name, records) => {
    if (disk.isFull) throw new Error("The disk is full");
    await entities.upsert(name, records);
  };
  const store = new PeerStore({
    account,
    logger: offline.logger,
    now: () => offline.clock.now(),
    storage: { ...offline.storage, entities: { ...entities, upsert } },
    ...(capacity !== undefined && { capacity }),
  });
  return { disk, entities, store };
}

test("PeerStore.remember() writes with whatever comes next what could not be written", async () => {
  await using offline = await openOffline();
  const { disk, entities, store } = failingStore(offline);
  await store.remember({ users: [ann], chats: [club] });
  await store.remember({ users: [tlUser(42, { firstName: "Anna", accessHash: longOf(4200) })], chats: [] });
  expect(store.peek(annId)?.snapshot).toMatchObject({ firstName: "Anna" });
  expect(await entities.byId(account, annId)).toBeNull();
  disk.isFull = false;
  await store.remember({ users: [], chats: [] });
  expect(await entities.byId(account, annId)).toMatchObject({ snapshot: { firstName: "Anna" } });
  expect(await entities.byId(account, parseChatId("-7"))).not.toBeNull();
});

test("PeerStore.remember() takes for news whom it had no room to keep until they are written", async () => {
  await using offline = await openOffline();
  const { disk, entities, store } = failingStore(offline, 1);
  await store.remember({ users: [ann], chats: [] });
  await store.remember({ users: [], chats: [club] });
  disk.isFull = false;
  await store.remember({ users: [ann], chats: [] });
  expect(await entities.byId(account, annId)).not.toBeNull();
  expect(await entities.byId(account, parseChatId("-7"))).not.toBeNull();
});
