import { describe, expect, test } from "bun:test";
import type { PushEffect } from "../../../runtime/emulator/world/push-faults.ts";
import { type AwayAccount, openAwayAccount } from "../support/away-account.ts";

/** An account, someone who writes to it, and two channels that both are in. */
async function openWithBob() {
  const me = await openAwayAccount({
    prepare: (world, owner) => {
      const bob = world.createUser({ firstName: "Bob", username: "bobby" });
      const members = { creatorId: bob.id, memberIds: [owner.id] };
      for (const title of ["Channel", "Other"]) world.createChannel({ title, ...members });
    },
  });
  const { world, owner } = me;
  const [channel, other] = world.chats();
  if (channel === undefined || other === undefined) throw new Error("no channels");
  const bobId = channel.creatorId;
  return {
    me,
    world,
    bobId,
    channel,
    other,
    write: (text: string, chatId = owner.id) => world.sendMessage({ fromId: bobId, chatId, text }),
    [Symbol.asyncDispose]: () => me[Symbol.asyncDispose](),
  };
}

const numbers = ["1", "2", "3", "4", "5"];

function fetchesOf(me: AwayAccount, method: "getDifference" | "getChannelDifference"): number {
  return me.emulator.stats().rpcCalls[`updates.${method}`] ?? 0;
}

describe("an account whose pushes go wrong", () => {
  test.each<[PushEffect, number]>([
    ["drop", 3],
    ["repeat", 5],
    ["reverse", 5],
    ["too-long", 3],
    ["unknown", 3],
  ])("gets each message once and in order when they are told to %s", async (effect, times) => {
    await using it = await openWithBob();
    it.world.faults.pushes({ effect, times });
    for (const text of numbers) it.write(text);
    await it.me.received("5");
    for (const text of numbers) await it.me.received(text);
    expect(it.me.texts()).toEqual(numbers);
    expect(it.me.account.stats().lost).toBe(0);
  });

  test.each<[PushEffect, number]>([
    ["drop", 3],
    ["repeat", 5],
    ["reverse", 5],
    ["too-long", 5],
    ["unknown", 5],
  ])("gets a channel's messages once and in order when they are told to %s", async (effect, times) => {
    await using it = await openWithBob();
    it.world.faults.pushes({ effect, times });
    for (const text of numbers) it.write(text, it.channel.id);
    for (const text of numbers) await it.me.received(text);
    expect(it.me.texts(it.channel.id)).toEqual(numbers);
  });

  test("lets what comes early wait, and asks for nothing when the rest comes by itself", async () => {
    await using it = await openWithBob();
    const before = fetchesOf(it.me, "getDifference");
    it.world.faults.pushes({ effect: "reverse", times: 5 });
    for (const text of numbers) it.write(text);
    await it.me.received("5");
    expect(it.me.texts()).toEqual(numbers);
    expect(fetchesOf(it.me, "getDifference")).toBe(before);
  });

  test("holds up no other chat while one has a gap", async () => {
    await using it = await openWithBob();
    it.world.faults.differences({ chatId: it.channel.id, effect: "outdated", times: 2 });
    it.world.faults.differences({ chatId: it.channel.id, effect: "history-failed" });
    it.world.faults.pushes({ effect: "drop" });
    for (const text of numbers) it.write(text, it.channel.id);
    for (const text of numbers) it.write(text, it.other.id);
    for (const text of numbers) it.write(text);
    await it.me.event("message.received", ({ text, chat }) => text === "5" && chat.id === it.bobId);
    await it.me.event("message.received", ({ text, chat }) => text === "5" && chat.id === it.other.id);
    expect(it.me.texts(it.other.id)).toEqual(numbers);
    expect(it.me.texts(it.channel.id)).toEqual([]);
    await it.me.event("message.received", ({ text, chat }) => text === "5" && chat.id === it.channel.id);
    expect(it.me.texts(it.channel.id)).toEqual(numbers);
  }, 15_000);

  test("pauses a channel that cannot be asked, and comes back to it", async () => {
    await using it = await openWithBob();
    const method = "updates.getChannelDifference";
    it.world.faults.rpcError({ method, errorCode: 400, errorMessage: "SOMETHING_WRONG" });
    it.world.faults.pushes({ effect: "drop" });
    for (const text of numbers) it.write(text, it.channel.id);
    it.write("beside it");
    await it.me.received("beside it");
    await it.me.received("5");
    expect(it.me.texts(it.channel.id)).toEqual(numbers);
    expect(it.me.account.stats()).toMatchObject({ skips: 0, lost: 0 });
  });

  test("gets what was written while its socket was cut", async () => {
    await using it = await openWithBob();
    const back = it.me.event("account.connected", ({ reconnected }) => reconnected);
    it.world.faults.dropConnections();
    for (const text of numbers) it.write(text);
    for (const text of numbers) it.write(text, it.channel.id);
    await back;
    it.write("after", it.channel.id);
    await it.me.received("after");
    expect(it.me.texts(it.bobId)).toEqual(numbers);
    expect(it.me.texts(it.channel.id)).toEqual([...numbers, "after"]);
  });

  test("gets what was written while a message was cut in its middle", async () => {
    await using it = await openWithBob();
    it.world.faults.breakFrame("cut");
    for (const text of numbers) it.write(text);
    for (const text of numbers) await it.me.received(text);
    expect(it.me.texts()).toEqual(numbers);
  });

  test("takes what it does itself as told, without asking for it", async () => {
    await using it = await openWithBob();
    const { telegram } = it.me.account;
    it.write("hello");
    await it.me.received("hello");
    const before = fetchesOf(it.me, "getDifference");
    const sent = await telegram.send("@bobby", "answer");
    await telegram.read(sent.chat.id);
    await telegram.delete(sent.chat.id, [sent.id]);
    it.write("more");
    await it.me.received("more");
    expect(await it.me.event("message.deleted")).toMatchObject({ messageIds: [sent.id] });
    expect(it.me.events.filter(({ type }) => type === "message.sent")).toHaveLength(1);
    expect(fetchesOf(it.me, "getDifference")).toBe(before);
  });
});
