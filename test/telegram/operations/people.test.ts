import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { openAsking, tlClub, tlStored } from "../support/asked.ts";
import { forum, news } from "../support/tl.ts";

function person(id: number, fields: Partial<TlObject> = {}): TlObject {
  return { _: "user", id: BigInt(id), access_hash: 1n, first_name: `P${id}`, ...fields };
}

test("me names the account's own person, and knows them from then on", async () => {
  await using rig = await openAsking({ "users.getUsers": [person(1, { self: true })] });
  expect(await rig.telegram.me()).toMatchObject({ id: "1", isSelf: true, displayName: "P1" });
  expect(await rig.telegram.resolve("me")).toMatchObject({ chat: { isSelf: true }, user: { id: "1" } });
  expect(rig.asked).toHaveLength(1);
});

test("contacts gives people with their status", async () => {
  await using rig = await openAsking({
    "contacts.getContacts": {
      _: "contacts.contacts",
      contacts: [
        { _: "contact", user_id: 42n, mutual: true },
        { _: "contact", user_id: 43n, mutual: false },
      ],
      saved_count: 0,
      users: [
        person(42, { contact: true, status: { _: "userStatusRecently" } }),
        person(43, { contact: true }),
      ],
    },
  });
  expect(await rig.telegram.contacts()).toMatchObject([
    { user: { id: "42", isContact: true }, status: { state: "recently" } },
    { user: { id: "43" }, status: null },
  ]);
});

test("dialogs pages on from the last, and each chat comes once", async () => {
  const dialog = (id: number, top: number, fields: Partial<TlObject> = {}): TlObject => ({
    _: "dialog",
    peer: { _: "peerUser", user_id: BigInt(id) },
    top_message: top,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    unread_count: 2,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    notify_settings: { _: "peerNotifySettings" },
    ...fields,
  });
  const slice = (from: number, to: number): TlObject => {
    const ids = Array.from({ length: to - from }, (_, index) => from + index);
    return {
      _: "messages.dialogsSlice",
      count: 150,
      dialogs: ids.map((id) => dialog(id, 1_000 + id, { pinned: id === 100 })),
      messages: ids.map((id) =>
        tlStored(1_000 + id, { peer_id: { _: "peerUser", user_id: BigInt(id) }, date: 9_000 - id }),
      ),
      chats: [],
      users: ids.map((id) => person(id)),
    };
  };
  await using rig = await openAsking({
    "messages.getDialogs": ({ offset_id }) => (offset_id === 0 ? slice(100, 200) : slice(199, 249)),
  });
  const dialogs = await rig.telegram.dialogs({ limit: 1_000 });
  expect(dialogs).toHaveLength(149);
  expect(dialogs[0]).toMatchObject({
    chat: { id: "100", title: "P100" },
    unreadCount: 2,
    isPinned: true,
    lastMessageAtMs: 8_900_000,
  });
  expect(rig.asked[1]).toMatchObject({
    offset_id: 1_199,
    offset_date: 8_801,
    offset_peer: { user_id: 199n },
  });
});

test("participants of a supergroup are paged, with their roles", async () => {
  const plain = (id: number): TlObject => ({ _: "channelParticipant", user_id: BigInt(id), date: 1_000 });
  const banned = (id: number, rights: TlObject): TlObject => ({
    _: "channelParticipantBanned",
    peer: { _: "peerUser", user_id: BigInt(id) },
    kicked_by: 1n,
    date: 1,
    banned_rights: rights,
  });
  const first = [
    { _: "channelParticipantCreator", user_id: 1n, admin_rights: { _: "chatAdminRights" } },
    {
      _: "channelParticipantAdmin",
      user_id: 2n,
      promoted_by: 1n,
      date: 1_000,
      admin_rights: { _: "chatAdminRights" },
    },
    banned(3, { _: "chatBannedRights", send_media: true, until_date: 0 }),
    banned(4, { _: "chatBannedRights", view_messages: true, until_date: 0 }),
    { _: "channelParticipantLeft", peer: { _: "peerUser", user_id: 5n } },
    ...Array.from({ length: 195 }, (_, index) => plain(100 + index)),
  ];
  await using rig = await openAsking(
    {
      "channels.getParticipants": ({ offset }) => ({
        _: "channels.channelParticipants",
        count: 201,
        participants: offset === 0 ? first : [plain(300)],
        chats: [],
        users: [person(1)],
      }),
    },
    { chats: [forum] },
  );
  const found = await rig.telegram.participants(parseChatId("-1000000000900"), { limit: 1_000 });
  expect(found.slice(0, 6).map(({ role }) => role)).toEqual([
    "creator",
    "admin",
    "restricted",
    "banned",
    "left",
    "member",
  ]);
  expect(found).toHaveLength(201);
  expect(found.at(-1)).toMatchObject({ user: { id: "300" }, joinedAtMs: 1_000_000 });
  expect(rig.asked).toMatchObject([
    { offset: 0, limit: 200 },
    { offset: 200, limit: 200 },
  ]);
});

test("participants of a basic group come with the group, and are searched here", async () => {
  const member = (id: number): TlObject => ({
    _: "chatParticipant",
    user_id: BigInt(id),
    inviter_id: 1n,
    date: 1_000,
  });
  await using rig = await openAsking({
    "messages.getFullChat": {
      _: "messages.chatFull",
      full_chat: {
        _: "chatFull",
        id: 7n,
        about: "",
        participants: {
          _: "chatParticipants",
          chat_id: 7n,
          participants: [{ _: "chatParticipantCreator", user_id: 1n }, member(42), member(43)],
          version: 1,
        },
        notify_settings: { _: "peerNotifySettings" },
      },
      chats: [tlClub],
      users: [person(1), person(42), person(43, { username: "bobby" })],
    },
  });
  const chat = parseChatId("-7");
  const roles = (await rig.telegram.participants(chat)).map(({ role, joinedAtMs }) => [role, joinedAtMs]);
  expect(roles).toEqual([
    ["creator", null],
    ["member", 1_000_000],
    ["member", 1_000_000],
  ]);
  expect(await rig.telegram.participants(chat, { query: "BOBBY" })).toMatchObject([{ user: { id: "43" } }]);
  expect(await rig.telegram.participants(chat, { offset: 1, limit: 1 })).toMatchObject([
    { user: { id: "42" } },
  ]);
});

test("participants of a private chat are refused", async () => {
  await using rig = await openAsking({ "users.getUsers": [person(1, { self: true })] });
  await expect(rig.telegram.participants("me")).rejects.toMatchObject({ code: "PEER_WRONG_KIND" });
});

test("resolve asks once for a username, and remembers that nobody has it", async () => {
  await using rig = await openAsking(
    {
      "contacts.resolveUsername": ({ username }) => {
        if (username !== "carl") throw new RpcError(400, "USERNAME_NOT_OCCUPIED");
        const user = person(44, { username: "carl" });
        return {
          _: "contacts.resolvedPeer",
          peer: { _: "peerUser", user_id: 44n },
          chats: [],
          users: [user],
        };
      },
      "messages.getChats": { _: "messages.chats", chats: [tlClub] },
    },
    { chats: [news] },
  );
  expect(await rig.telegram.resolve("@Carl")).toMatchObject({ user: { id: "44", username: "carl" } });
  expect(await rig.telegram.resolve("https://t.me/carl")).toMatchObject({ chat: { kind: "private" } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(rig.telegram.resolve("@nobody")).rejects.toMatchObject({ code: "PEER_NOT_FOUND" });
  }
  expect(await rig.telegram.resolve(parseChatId("-7"))).toMatchObject({
    chat: { title: "Club" },
    user: null,
  });
  expect(rig.asked.map(({ username }) => username)).toEqual(["carl", "nobody", undefined]);
  expect(rig.peers.invalidate("username:*")).toBe(2);
});

test("invoke calls a method by name, gives its answer as JSON, and its updates on", async () => {
  await using rig = await openAsking({
    "help.getNearestDc": { _: "nearestDc", country: "DE", this_dc: 2, nearest_dc: 4 },
    "messages.sendMessage": {
      _: "updateShortSentMessage",
      out: true,
      id: 9,
      pts: 1,
      pts_count: 1,
      date: 1_000,
    },
  });
  expect(await rig.telegram.invoke("help.getNearestDc", {})).toEqual({
    _: "nearestDc",
    country: "DE",
    this_dc: 2,
    nearest_dc: 4,
  });
  const peer = { _: "inputPeerSelf" };
  await rig.telegram.invoke("messages.sendMessage", { peer, message: "a", random_id: "-9" });
  expect(rig.asked[1]).toMatchObject({ random_id: -9n, message: "a" });
  expect(rig.published).toMatchObject([{ className: "UpdateShortSentMessage" }]);
  await expect(rig.telegram.invoke("no.such", {})).rejects.toMatchObject({ code: "CALL_INVALID" });
});
