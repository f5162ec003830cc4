import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MessageReceived, parseChatId, parseMessageId } from "../../runtime/contract/index.ts";
import { startEmulator, type UserView, type World } from "../../runtime/emulator/index.ts";
import { type OpenTestbed, startTestbed, type TestPlugin } from "../../runtime/testkit/index.ts";

const answerAll: TestPlugin = {
  allow: { telegram: ["messages:read", "messages:send", "chats:mark-read"], chats: ["private"] },
  config: { cooldownMinutes: 0, rules: [{ name: "anything", answer: "Back at noon" }] },
};

/** People beside the owner, and a supergroup of all. */
function cast(world: World, owner: { readonly id: string }) {
  const ada = world.createUser({ firstName: "Ada", username: "ada_l" });
  const grace = world.createUser({ firstName: "Grace" });
  const club = world.createSupergroup({
    title: "Club",
    username: "the_club",
    creatorId: owner.id,
    memberIds: [ada.id],
  });
  return { ada, grace, club };
}

async function startWithCast(): Promise<OpenTestbed & { readonly cast: ReturnType<typeof cast> }> {
  let people: ReturnType<typeof cast> | null = null;
  const testbed = await startTestbed({
    prepare: ({ world, owner }) => {
      people = cast(world, owner);
    },
  });
  if (people === null) throw new Error("Nothing was prepared");
  return { ...testbed, cast: people };
}

/** Texts that the person holds in the chat with the owner, and who wrote them. */
function conversation({ world, owner }: OpenTestbed, person: UserView) {
  return world
    .messages(person.id, owner.id)
    .map(({ fromId, text }) => [fromId === owner.id ? "owner" : "person", text]);
}

describe("a message", () => {
  test("is answered by the plugin exactly once", async () => {
    await using testbed = await startTestbed({ plugins: { autoresponder: answerAll } });
    const { world, owner, next } = testbed;
    const ada = world.createUser({ firstName: "Ada" });
    const received = next("message.received");
    const sent = next("message.sent");
    world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Are you there?" });
    const question = await received;
    expect(question).toMatchObject({ text: "Are you there?", direction: "incoming" });
    expect(await sent).toMatchObject({ text: "Back at noon", chat: { id: ada.id } });
    await testbed.app.bus.drain();
    expect(conversation(testbed, ada)).toEqual([
      ["person", "Are you there?"],
      ["owner", "Back at noon"],
    ]);
  });

  test("is answered once each when many come at a time", async () => {
    await using testbed = await startTestbed({ plugins: { autoresponder: answerAll } });
    const { world, owner, next } = testbed;
    const people = Array.from({ length: 12 }, (_, index) => world.createUser({ firstName: `P${index}` }));
    const answers = people.map(({ id }) =>
      next("message.sent", (event) => event.chat.id === parseChatId(id)),
    );
    for (const person of people) world.sendMessage({ fromId: person.id, chatId: owner.id, text: "Hello" });
    await Promise.all(answers);
    await testbed.app.bus.drain();
    for (const person of people) {
      expect(conversation(testbed, person)).toEqual([
        ["person", "Hello"],
        ["owner", "Back at noon"],
      ]);
    }
  });

  test("keeps its order in a chat", async () => {
    await using testbed = await startTestbed();
    const { app, world, owner, next } = testbed;
    const ada = world.createUser({ firstName: "Ada" });
    const texts: string[] = [];
    app.bus.subscribe("message.received", undefined, ({ text }) => void texts.push(text), { owner: "test" });
    const last = next("message.received", ({ text }) => text === "29");
    const written = Array.from({ length: 30 }, (_, index) => String(index));
    for (const text of written) world.sendMessage({ fromId: ada.id, chatId: owner.id, text });
    await last;
    expect(texts).toEqual(written);
  });
});

describe("what happens in Telegram", () => {
  test("to a message comes as an event: edited, reacted to, read, deleted", async () => {
    await using testbed = await startWithCast();
    const { world, owner, next, telegram } = testbed;
    const { ada, club } = testbed.cast;
    const received = next("message.received");
    const { id } = world.sendMessage({ fromId: ada.id, chatId: club.id, text: "First" });
    const { messageId } = await received;
    expect(String(messageId)).toBe(id);

    const edited = next("message.edited");
    world.editMessage({ userId: ada.id, chatId: club.id, messageId: id, text: "Second" });
    expect(await edited).toMatchObject({ messageId, text: "Second", chat: { title: "Club" } });

    const reacted = next("reaction.changed");
    world.react({ userId: ada.id, chatId: club.id, messageId: id, emoji: "👍" });
    expect(await reacted).toMatchObject({ messageId, reactions: [{ reaction: "👍", count: 1 }] });

    const readHere = next("message.read");
    world.read(owner.id, club.id);
    expect(await readHere).toMatchObject({ direction: "incoming", upToMessageId: messageId });

    const mine = await telegram.send(parseChatId(club.id), "Mine");
    const readThere = next("message.read");
    world.read(ada.id, club.id);
    expect(await readThere).toMatchObject({ direction: "outgoing", upToMessageId: mine.id });

    const deleted = next("message.deleted");
    world.deleteMessages({ userId: ada.id, chatId: club.id, messageIds: [id] });
    expect(await deleted).toMatchObject({ chat: { id: club.id }, messageIds: [messageId] });

    const privately = next("message.received");
    const { id: privateId } = world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Psst" });
    const inBox = await privately;
    const deletedPrivately = next("message.deleted");
    world.deleteMessages({ userId: ada.id, chatId: owner.id, messageIds: [privateId] });
    expect(await deletedPrivately).toMatchObject({ chat: null, messageIds: [inBox.messageId] });
  });

  test("to people comes as an event: typing, status, joining, leaving, asking to join", async () => {
    await using testbed = await startWithCast();
    const { world, owner, next } = testbed;
    const { ada, grace, club } = testbed.cast;

    const typing = next("user.typing");
    world.typing(ada.id, owner.id);
    expect(await typing).toMatchObject({ action: "typing", user: { id: ada.id } });

    world.addContact(owner.id, ada.id);
    const status = next("user.status");
    world.setPresence(ada.id, "online");
    expect(await status).toMatchObject({ userId: ada.id, status: { state: "online" } });

    const joined = next("member.joined");
    world.join(grace.id, club.id);
    expect(await joined).toMatchObject({ user: { id: grace.id }, chat: { id: club.id } });

    const left = next("member.left");
    world.leave(grace.id, club.id);
    expect(await left).toMatchObject({ user: { id: grace.id }, how: "left" });

    const removed = next("member.left");
    world.kick(owner.id, club.id, ada.id);
    expect(await removed).toMatchObject({ user: { id: ada.id }, how: "removed" });

    const linus = world.createUser({ firstName: "Linus" });
    const asked = next("join.requested");
    world.requestToJoin(linus.id, club.id, "I take photos");
    expect(await asked).toMatchObject({ chat: { id: club.id }, pendingCount: 1 });
  });

  test("to a chat comes as an event: made, renamed", async () => {
    await using testbed = await startWithCast();
    const { world, owner, next, telegram } = testbed;
    const { ada } = testbed.cast;
    const created = next("chat.updated", ({ change }) => change === "created");
    const group = world.createGroup({ title: "Plans", creatorId: owner.id, memberIds: [ada.id] });
    expect(await created).toMatchObject({ chat: { title: "Plans" } });

    const renamed = next("chat.updated", ({ change }) => change === "title");
    const chat_id = group.id.slice(1);
    await telegram.invoke("messages.editChatTitle", { chat_id, title: "Better plans" });
    expect(await renamed).toMatchObject({ chat: { title: "Better plans" } });
  });
});

describe("flood control", () => {
  test("lets other methods pass while one has to wait", async () => {
    await using testbed = await startWithCast();
    const { owner, next, telegram, world } = testbed;
    const { club } = testbed.cast;
    world.faults.floodWait({ userId: owner.id, method: "messages.sendMessage", seconds: 1 });
    const waiting = next("flood.waiting");
    const order: string[] = [];
    const sent = telegram.send("@the_club", "Late").then(() => order.push("send"));
    expect(await waiting).toMatchObject({ method: "messages.sendMessage" });
    await telegram.history("@the_club").then(() => order.push("history"));
    await telegram.me().then(() => order.push("me"));
    await sent;
    expect(order).toEqual(["history", "me", "send"]);
    const late = world.messages(owner.id, club.id).filter(({ text }) => text === "Late");
    expect(late).toHaveLength(1);
  });

  test("fails at once with the time to wait when the call has less of it", async () => {
    await using testbed = await startWithCast();
    const { owner, telegram, world } = testbed;
    world.faults.floodWait({ userId: owner.id, method: "messages.sendMessage", seconds: 3600 });
    await expect(telegram.send("@the_club", "Never", { timeoutMs: 10_000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      category: "FLOOD_WAIT",
    });
  });
});

describe("a program that starts again on its folder", () => {
  test("needs no login, and its plugins remember", async () => {
    const folder = await mkdtemp(join(tmpdir(), "telegraphist-again-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const emulator = stack.use(await startEmulator());
    const ada = emulator.world.createUser({ firstName: "Ada" });
    const once: TestPlugin = {
      ...answerAll,
      config: { cooldownMinutes: 600, rules: [{ name: "anything", answer: "Back at noon" }] },
    };
    let owner: OpenTestbed["owner"];
    {
      await using first = await startTestbed({ folder, emulator, plugins: { autoresponder: once } });
      owner = first.owner;
      const sent = first.next("message.sent");
      emulator.world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "One" });
      await sent;
    }
    expect(emulator.world.sessions(owner.id)).toHaveLength(1);
    await using second = await startTestbed({ folder, emulator, plugins: { autoresponder: once } });
    expect(emulator.world.sessions(owner.id)).toHaveLength(1);
    const received = second.next("message.received", (event: MessageReceived) => event.text === "Two");
    emulator.world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Two" });
    await received;
    await second.app.bus.drain();
    // The cooldown of the chat came through the restart.
    expect(conversation(second, ada)).toEqual([
      ["person", "One"],
      ["owner", "Back at noon"],
      ["person", "Two"],
    ]);
    const page = await second.telegram.history(parseChatId(ada.id));
    expect(page.messages).toHaveLength(3);
    expect(page.messages.at(-1)?.id).toBe(parseMessageId("1"));
  });
});
