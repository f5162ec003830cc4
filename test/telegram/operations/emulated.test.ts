import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type MessageRef, parseChatId, parseMessageId, refOf } from "../../../runtime/contract/index.ts";
import type { ChatView, UserView, World } from "../../../runtime/emulator/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";

let rig: EmulatedAccount;
let world: World;
let ann: UserView;
let ben: UserView;
let shy: UserView;
let group: ChatView;
let club: ChatView;
let news: ChatView;

beforeAll(async () => {
  rig = await openEmulatedAccount();
  world = rig.emulator.world;
  ann = world.createUser({ firstName: "Ann", lastName: "Lee", username: "annlee" });
  ben = world.createUser({ firstName: "Ben", username: "benny" });
  shy = world.createUser({ firstName: "Shy", username: "shyone", invites: "nobody" });
  world.addContact(rig.owner.id, ann.id);
  group = world.createGroup({ title: "Group", creatorId: rig.owner.id, memberIds: [ann.id] });
  club = world.createSupergroup({ title: "Club", creatorId: rig.owner.id, memberIds: [ann.id] });
  news = world.createChannel({ title: "News", creatorId: rig.owner.id, username: "thenews" });
});

afterAll(() => rig[Symbol.asyncDispose]());

/** What Ann's account holds of the chat with the owner, the latest first. */
const annsView = () => world.messages(ann.id, rig.owner.id).toReversed();

describe("messages, over the emulator", () => {
  test("a text arrives as it was sent, and is told as sent once", async () => {
    const sent = await rig.telegram.send("@annlee", { text: "**hello** 😀", format: "markdown" });
    expect(sent).toMatchObject({ text: "hello 😀", direction: "outgoing", chat: { title: "Ann Lee" } });
    expect(annsView()[0]).toMatchObject({ text: "hello 😀", isOutgoing: false });
    const event = await rig.event("message.sent", ({ text }) => text === "hello 😀");
    expect(event).toMatchObject({ text: "hello 😀", entities: [{ kind: "bold", offset: 0, length: 5 }] });
    expect(event.isAutomated).toBe(true);
    expect(rig.events.filter(({ id }) => id === event.id)).toHaveLength(1);
  });

  test("what others write is told, and can be answered, edited, reacted to, read and deleted", async () => {
    world.sendMessage({ fromId: ann.id, chatId: rig.owner.id, text: "ping" });
    const ping = await rig.event("message.received", ({ text }) => text === "ping");
    expect(ping).toMatchObject({
      sender: { displayName: "Ann Lee", isContact: true },
      direction: "incoming",
    });

    const pong = await rig.telegram.reply(refOf(ping), "pong");
    expect(pong.replyTo).toMatchObject({ messageId: ping.messageId });
    expect(await rig.telegram.edit(refOf(pong), "pong!")).toMatchObject({ text: "pong!" });
    expect(annsView()[0]).toMatchObject({ text: "pong!" });

    await rig.telegram.react(refOf(ping), "👍");
    expect(annsView().find(({ text }) => text === "ping")?.reactions).toMatchObject([{ emoji: "👍" }]);
    await rig.telegram.read("@annlee");
    expect(await rig.telegram.delete("@annlee", [pong.id])).toBe(1);
    expect(annsView().some(({ text }) => text === "pong!")).toBe(false);
    expect(await rig.telegram.messages("@annlee", [pong.id, ping.messageId])).toMatchObject([
      null,
      { text: "ping" },
    ]);
  });

  test("history pages back to the first message", async () => {
    for (let index = 0; index < 7; index += 1) {
      world.sendMessage({ fromId: ben.id, chatId: rig.owner.id, text: `n${index}` });
    }
    await rig.event("message.received", ({ text }) => text === "n6");
    const first = await rig.telegram.history("@benny", { limit: 4 });
    expect(first.messages.map(({ text }) => text)).toEqual(["n6", "n5", "n4", "n3"]);
    if (first.nextBeforeId === null) throw new Error("There is no next page");
    const second = await rig.telegram.history("@benny", { limit: 4, beforeId: first.nextBeforeId });
    expect(second.messages.map(({ text }) => text)).toEqual(["n2", "n1", "n0"]);
    expect(second.nextBeforeId).toBeNull();
    const found = await rig.telegram.search("n5", { chat: "@benny" });
    expect(found.messages.map(({ text }) => text)).toEqual(["n5"]);
  });

  test("forwarding names the author", async () => {
    world.sendMessage({ fromId: ben.id, chatId: rig.owner.id, text: "pass it on" });
    const message = await rig.event("message.received", ({ text }) => text === "pass it on");
    const [copy] = await rig.telegram.forward("@benny", [message.messageId], "@annlee");
    expect(copy).toMatchObject({ text: "pass it on", chat: { id: ann.id }, forward: { fromId: ben.id } });
  });

  test("dialogs lists the chats, contacts the people", async () => {
    const titles = (await rig.telegram.dialogs()).map(({ chat }) => chat.title);
    expect(titles).toEqual(expect.arrayContaining(["Ann Lee", "Ben", "Group", "Club", "News"]));
    expect(await rig.telegram.contacts()).toMatchObject([{ user: { username: "annlee", isContact: true } }]);
    expect(await rig.telegram.me()).toMatchObject({ id: rig.owner.id, isSelf: true });
  });

  test("what dialogs and contacts tell is kept with the account's people", async () => {
    const [dialog] = await rig.telegram.dialogs({ limit: 1 });
    await rig.telegram.contacts();
    const { name } = rig.telegram.account;
    const kept = dialog && (await rig.storage.entities.byId(name, dialog.chat.id));
    expect(kept?.lastMessageAtMs).toBe(dialog?.lastMessageAtMs ?? 0);
    expect(await rig.storage.contacts.list(name)).toMatchObject([{ entity: { username: "annlee" } }]);
  });

  test("typing reaches the others, and theirs the account", async () => {
    await rig.telegram.typing("@annlee");
    world.typing(ann.id, rig.owner.id);
    expect(await rig.event("user.typing")).toMatchObject({ user: { username: "annlee" }, action: "typing" });
  });

  test("what others do with the account's messages is told", async () => {
    const sent = await rig.telegram.send("@annlee", "look");
    const held = annsView()[0];
    if (held === undefined) throw new Error("Ann holds no message");
    const address = { userId: ann.id, chatId: rig.owner.id, messageId: held.id };
    world.react({ ...address, emoji: "❤" });
    expect(await rig.event("reaction.changed", ({ messageId }) => messageId === sent.id)).toMatchObject({
      chat: { title: "Ann Lee" },
      reactions: [{ reaction: "❤", count: 1, isChosen: false }],
      user: { username: "annlee" },
    });
    world.read(ann.id, rig.owner.id);
    expect(await rig.event("message.read", ({ direction }) => direction === "outgoing")).toMatchObject({
      chat: { title: "Ann Lee" },
      upToMessageId: sent.id,
    });
    world.setPresence(ann.id, "online");
    expect(await rig.event("user.status", ({ status }) => status.state === "online")).toMatchObject({
      status: { state: "online" },
    });
  });

  test("edits and deletions by others are told", async () => {
    const sent = world.sendMessage({ fromId: ann.id, chatId: rig.owner.id, text: "draft" });
    await rig.event("message.received", ({ text }) => text === "draft");
    world.editMessage({ userId: ann.id, chatId: rig.owner.id, messageId: sent.id, text: "final" });
    const edited = await rig.event("message.edited", ({ text }) => text === "final");
    world.deleteMessages({ userId: ann.id, chatId: rig.owner.id, messageIds: [sent.id] });
    const deleted = await rig.event("message.deleted", ({ messageIds }) =>
      messageIds.includes(edited.messageId),
    );
    expect(deleted.chat).toBeNull();
  });
});

describe("members, over the emulator", () => {
  test("invite adds whom it may, and says whom privacy keeps out", async () => {
    const outcomes = await rig.telegram.invite(parseChatId(club.id), ["@benny", "@shyone"]);
    expect<unknown>(outcomes).toEqual([
      { userId: ben.id, outcome: "added", reason: null },
      { userId: shy.id, outcome: "privacy", reason: "USER_PRIVACY_RESTRICTED" },
    ]);
    expect(world.members(club.id).map(({ userId }) => userId)).toContain(ben.id);
    const joined = await rig.event("member.joined", ({ user }) => user.id === parseChatId(ben.id).toString());
    expect(joined).toMatchObject({ how: "added", chat: { title: "Club", kind: "supergroup" } });
  });

  test("invite adds to a basic group", async () => {
    expect(await rig.telegram.invite(parseChatId(group.id), ["@benny"])).toMatchObject([
      { outcome: "added" },
    ]);
    expect(await rig.telegram.invite(parseChatId(group.id), ["@benny"])).toMatchObject([
      { outcome: "already" },
    ]);
    const members = await rig.telegram.participants(parseChatId(group.id));
    expect(members.map(({ user }) => user.displayName).toSorted()).toEqual(["Ann Lee", "Ben", "Owner"]);
  });

  test("participants come with their roles", async () => {
    const members = await rig.telegram.participants(parseChatId(club.id));
    expect(members.find(({ user }) => user.isSelf)?.role).toBe("creator");
    expect(members.find(({ user }) => user.username === "annlee")?.role).toBe("member");
  });

  test("a link with approval leads to a request, which is told and answered", async () => {
    const link = await rig.telegram.createInviteLink("@thenews", { title: "Door", needsApproval: true });
    expect(link).toMatchObject({ title: "Door", needsApproval: true, isRevoked: false });
    expect(() => world.joinByLink(ben.id, link.url)).toThrow("INVITE_REQUEST_SENT");
    const asked = await rig.event("join.requested");
    expect(asked).toMatchObject({ user: { username: "benny" }, pendingCount: 1, chat: { title: "News" } });
    expect(await rig.telegram.joinRequests("@thenews")).toMatchObject([{ user: { username: "benny" } }]);
    await rig.telegram.answerJoinRequest("@thenews", "@benny", true);
    expect(world.members(news.id).map(({ userId }) => userId)).toContain(ben.id);
    expect(await rig.telegram.inviteLinks("@thenews")).toContainEqual(
      expect.objectContaining({ url: link.url }),
    );
    const { name } = rig.telegram.account;
    const kept = async () => (await rig.storage.inviteLinks.list(name, parseChatId(news.id)))[0];
    expect(await kept()).toMatchObject({ url: link.url, currentUses: 1, isRevoked: false });
    expect(await rig.telegram.revokeInviteLink("@thenews", link.url)).toMatchObject({ isRevoked: true });
    expect(await kept()).toMatchObject({ url: link.url, isRevoked: true });
  });

  test("someone who leaves is told", async () => {
    world.leave(ann.id, group.id);
    const left = await rig.event("member.left");
    expect(left).toMatchObject({ user: { username: "annlee" }, how: "left", chat: { title: "Group" } });
  });
});

describe("failures, over the emulator", () => {
  test("a name that nobody has, and a chat that was not met", async () => {
    await expect(rig.telegram.send("@nobody_at_all", "x")).rejects.toMatchObject({ code: "PEER_NOT_FOUND" });
    await expect(rig.telegram.send(parseChatId("99999"), "x")).rejects.toMatchObject({
      code: "PEER_NOT_FOUND",
    });
  });

  test("a refusal has Telegram's own name", async () => {
    world.faults.rpcError({
      method: "messages.sendMessage",
      errorCode: 400,
      errorMessage: "YOU_BLOCKED_USER",
    });
    await expect(rig.telegram.send("@annlee", "x")).rejects.toMatchObject({
      code: "YOU_BLOCKED_USER",
      category: "RIGHTS",
    });
    const gone: MessageRef = { chatId: parseChatId(ann.id), messageId: parseMessageId("999999") };
    await expect(rig.telegram.react(gone, "👍")).rejects.toMatchObject({ category: "INVALID" });
  });

  test("raw calls go through", async () => {
    expect(await rig.telegram.invoke("help.getNearestDc", {})).toMatchObject({ _: "nearestDc" });
  });
});

test("every update became an event or was counted", () => {
  const { updates, events, unmapped } = rig.account.stats();
  expect(updates).toBeGreaterThan(0);
  expect(events).toBeGreaterThan(0);
  expect(Object.keys(unmapped)).not.toContain("updateNewMessage");
});
