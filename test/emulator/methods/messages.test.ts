import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api, type TelegramClient } from "telegram";
import { type Emulator, startEmulator, type UserView } from "../../../runtime/emulator/index.ts";
import { connectedTo, Inbox, refusalOf, signIn } from "./signed-in.ts";

let emulator: Emulator;
let client: TelegramClient;
let ada: UserView;
let bob: UserView;

beforeEach(async () => {
  emulator = await startEmulator();
  ada = emulator.world.createUser({ firstName: "Ada", phone: "+15550001" });
  bob = emulator.world.createUser({ firstName: "Bob", username: "bobby" });
  client = await connectedTo(emulator);
  await signIn(emulator, client, "+15550001");
});
afterEach(async () => {
  await client.destroy();
  await emulator.stop();
});

describe("messages methods", () => {
  test("carry texts both ways", async () => {
    const inbox = new Inbox(client);
    const sent = await client.sendMessage("bobby", { message: "hello" });
    const [atBob] = emulator.world.messages(bob.id, ada.id);
    expect([atBob?.text, atBob?.fromId, atBob?.isOutgoing]).toEqual(["hello", ada.id, false]);
    emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: "hi", replyToId: atBob?.id });
    const { message } = await inbox.first(
      Api.UpdateNewMessage,
      (update) => !("out" in update.message && update.message.out),
    );
    if (!(message instanceof Api.Message)) throw new Error("No text came");
    expect(message.message).toBe("hi");
    expect(message.replyTo instanceof Api.MessageReplyHeader && message.replyTo.replyToMsgId).toBe(sent.id);
  });

  test("push a text in the short form when told so", async () => {
    await using shortly = await startEmulator({ usesShortUpdates: true });
    const reader = shortly.world.createUser({ firstName: "Ada", phone: "+15550001" });
    const writer = shortly.world.createUser({ firstName: "Bob" });
    const short = await connectedTo(shortly);
    await signIn(shortly, short, "+15550001");
    const inbox = new Inbox(short);
    shortly.world.sendMessage({ fromId: writer.id, chatId: reader.id, text: "hi" });
    const update = await inbox.first(Api.UpdateShortMessage);
    expect(update).toMatchObject({ message: "hi", pts: 2, ptsCount: 1 });
    await short.destroy();
  });

  test("page through a history from the newest", async () => {
    for (let number = 1; number <= 250; number++) {
      emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: `n${number}` });
    }
    const all = await client.getMessages("bobby", { limit: 1000 });
    expect(all.map(({ message }) => message)).toEqual(
      Array.from({ length: 250 }, (_, index) => `n${250 - index}`),
    );
    expect(all.total).toBe(250);
    const found = await client.getMessages("bobby", { search: "n17", limit: 100 });
    expect(found.map(({ message }) => message)).toEqual(
      [..."9876543210"].map((digit) => `n17${digit}`).concat("n17"),
    );
  });

  test("edit, read, react, and delete for both sides", async () => {
    const inbox = new Inbox(client);
    const sent = await client.sendMessage("bobby", { message: "one" });
    const address = {
      userId: bob.id,
      chatId: ada.id,
      messageId: emulator.world.messages(bob.id, ada.id)[0]?.id ?? "",
    };
    await client.editMessage("bobby", { message: sent.id, text: "two" });
    expect(emulator.world.messages(bob.id, ada.id)[0]?.text).toBe("two");
    expect(await refusalOf(client.editMessage("bobby", { message: sent.id, text: "two" }))).toBe(
      "MESSAGE_NOT_MODIFIED",
    );
    emulator.world.read(bob.id, ada.id);
    expect((await inbox.first(Api.UpdateReadHistoryOutbox)).maxId).toBe(sent.id);
    emulator.world.react({ ...address, emoji: "👍" });
    expect((await inbox.first(Api.UpdateMessageReactions)).msgId).toBe(sent.id);
    await client.deleteMessages("bobby", [sent.id], { revoke: true });
    expect(emulator.world.messages(bob.id, ada.id)).toEqual([]);
  });

  test("refuse what is empty, too long, or repeated", async () => {
    const send = (message: string, randomId = bigInt.randBetween(1, 1e15)) =>
      client.invoke(new Api.messages.SendMessage({ peer: "bobby", message, randomId }));
    expect(await refusalOf(send(""))).toBe("MESSAGE_EMPTY");
    expect(await refusalOf(send("x".repeat(4097)))).toBe("MESSAGE_TOO_LONG");
    await send("once", bigInt(7));
    expect(await refusalOf(send("once", bigInt(7)))).toBe("RANDOM_ID_DUPLICATE");
    expect(emulator.world.messages(bob.id, ada.id)).toHaveLength(1);
  });

  test("tell strangers and wrong access hashes apart", async () => {
    expect(
      await refusalOf(client.invoke(new Api.contacts.ResolveUsername({ username: "nobody_here" }))),
    ).toBe("USERNAME_NOT_OCCUPIED");
    const peer = new Api.InputPeerUser({ userId: bigInt(bob.id), accessHash: bigInt(1) });
    expect(await refusalOf(client.sendMessage(peer, { message: "hi" }))).toBe("PEER_ID_INVALID");
  });

  test("list dialogs with what is unread", async () => {
    const channel = emulator.world.createChannel({ title: "News", creatorId: bob.id, memberIds: [ada.id] });
    emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: "one" });
    emulator.world.sendMessage({ fromId: bob.id, chatId: channel.id, text: "two" });
    const dialogs = await client.getDialogs({});
    expect(dialogs.map(({ title, unreadCount }) => [title, unreadCount]).toSorted()).toEqual([
      ["Bob", 1],
      ["News", 1],
    ]);
    await client.markAsRead("bobby");
    expect((await client.getDialogs({})).find(({ title }) => title === "Bob")?.unreadCount).toBe(0);
  });

  test("give the difference, in slices, to who was away", async () => {
    const before = await client.invoke(new Api.updates.GetState());
    for (let number = 1; number <= 5; number++) {
      emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: `n${number}` });
    }
    const slice = await client.invoke(
      new Api.updates.GetDifference({ pts: before.pts, date: before.date, qts: 0, ptsLimit: 3 }),
    );
    if (!(slice instanceof Api.updates.DifferenceSlice)) throw new Error("No slice came");
    expect(slice.newMessages).toHaveLength(3);
    const { pts, date } = slice.intermediateState;
    const rest = await client.invoke(new Api.updates.GetDifference({ pts, date, qts: 0 }));
    if (!(rest instanceof Api.updates.Difference)) throw new Error("No difference came");
    expect(rest.newMessages.map((message) => message instanceof Api.Message && message.message)).toEqual([
      "n4",
      "n5",
    ]);
    expect(rest.state.pts).toBe(before.pts + 5);
    expect(emulator.world.updatesPushed(ada.id)).toEqual({ total: 5, byType: { updateNewMessage: 5 } });
  });
});
