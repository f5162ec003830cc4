import { describe, expect, test } from "bun:test";
import { type AwayAccount, openAwayAccount } from "../support/away-account.ts";

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);

/** Has a person write texts to a chat, or to the owner. */
function write(
  { world, owner }: AwayAccount,
  fromId: string,
  texts: readonly string[],
  chatId = owner.id,
): void {
  for (const text of texts) world.sendMessage({ fromId, chatId, text });
}

describe("an account that comes back", () => {
  test("gets what was written meanwhile, once and in order, in private chats, groups, and channels", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const bob = world.createUser({ firstName: "Bob" });
    const members = { creatorId: bob.id, memberIds: [owner.id] };
    const group = world.createGroup({ title: "Group", ...members });
    const channel = world.createChannel({ title: "Channel", ...members });
    write(me, bob.id, ["here"]);
    write(me, bob.id, ["here too"], channel.id);
    await me.received("here too");
    await me.go();
    const [texts, inGroup, inChannel] = [
      numbered(30, "private"),
      numbered(30, "group"),
      numbered(250, "channel"),
    ];
    write(me, bob.id, texts);
    write(me, bob.id, inGroup, group.id);
    write(me, bob.id, inChannel, channel.id);
    await me.come();
    expect(me.texts(bob.id)).toEqual(["here", ...texts]);
    expect(me.texts(group.id).filter((text) => text !== "")).toEqual(inGroup);
    expect(me.texts(channel.id).filter((text) => text !== "")).toEqual(["here too", ...inChannel]);
    // What follows is pushed, and comes once as well.
    write(me, bob.id, ["after"]);
    await me.received("after");
    expect(me.texts(bob.id)).toEqual(["here", ...texts, "after"]);
    expect(me.account.stats()).toMatchObject({ lost: 0, skips: 0, paused: 0 });
  });

  test("gets what was written between its login and its first start", async () => {
    await using me = await openAwayAccount({
      meanwhile: (world, owner) => {
        const bob = world.createUser({ firstName: "Bob" });
        world.sendMessage({ fromId: bob.id, chatId: owner.id, text: "too early?" });
      },
    });
    await me.received("too early?");
    expect(me.texts()).toEqual(["too early?"]);
  });

  test("gets nothing again when nothing happened", async () => {
    await using me = await openAwayAccount();
    const bob = me.world.createUser({ firstName: "Bob" });
    write(me, bob.id, ["here"]);
    await me.received("here");
    await me.go();
    await me.come();
    expect(me.texts()).toEqual(["here"]);
  });

  test("gets edits and deletions that happened meanwhile", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const bob = world.createUser({ firstName: "Bob" });
    const [first, second] = ["first", "second"].map((text) =>
      world.sendMessage({ fromId: bob.id, chatId: owner.id, text }),
    );
    await me.received("second");
    await me.go();
    const address = { userId: bob.id, chatId: owner.id };
    world.editMessage({ ...address, messageId: first?.id ?? "", text: "edited" });
    world.deleteMessages({ ...address, messageIds: [second?.id ?? ""] });
    await me.come();
    expect(await me.event("message.edited")).toMatchObject({ text: "edited" });
    expect(await me.event("message.deleted")).toMatchObject({ messageIds: [expect.any(String)] });
  });

  test("begins from the present when it is there for the first time", async () => {
    await using me = await openAwayAccount({
      prepare: (world, owner) => {
        const bob = world.createUser({ firstName: "Bob" });
        world.sendMessage({ fromId: bob.id, chatId: owner.id, text: "long ago" });
        const channel = world.createChannel({ title: "Channel", creatorId: bob.id, memberIds: [owner.id] });
        world.sendMessage({ fromId: bob.id, chatId: channel.id, text: "long ago, too" });
      },
    });
    expect(me.texts()).toEqual([]);
  });

  test("gets what a channel said that was quiet while it was there", async () => {
    await using me = await openAwayAccount({
      prepare: (world, owner) => {
        const bob = world.createUser({ firstName: "Bob" });
        world.createChannel({ title: "Quiet", creatorId: bob.id, memberIds: [owner.id] });
      },
    });
    await me.go();
    const [channel] = me.world.chats();
    write(me, channel?.creatorId ?? "", ["at last"], channel?.id);
    await me.come();
    expect(me.texts(channel?.id)).toEqual(["at last"]);
  });

  test("reads differences slice after slice", async () => {
    await using me = await openAwayAccount();
    const bob = me.world.createUser({ firstName: "Bob" });
    await me.go();
    me.world.faults.differenceSlices(7);
    const texts = numbered(50, "message");
    write(me, bob.id, texts);
    await me.come();
    expect(me.texts()).toEqual(texts);
    expect(me.emulator.stats().rpcCalls["updates.getDifference"]).toBeGreaterThanOrEqual(8);
  });

  test("reads a channel's history when its difference is too long", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const bob = world.createUser({ firstName: "Bob" });
    const channel = world.createChannel({ title: "Channel", creatorId: bob.id, memberIds: [owner.id] });
    write(me, bob.id, ["here"], channel.id);
    await me.received("here");
    await me.go();
    world.faults.differences({ chatId: channel.id, effect: "too-long" });
    const texts = numbered(250, "message");
    write(me, bob.id, texts, channel.id);
    await me.come();
    // The second in which it went is read again: "at least once", in order.
    expect(me.texts(channel.id).slice(-250)).toEqual(texts);
    expect(me.account.stats()).toMatchObject({ skips: 0 });
  });

  test("forgets a channel that it was thrown out of", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const bob = world.createUser({ firstName: "Bob" });
    const channel = world.createChannel({ title: "Channel", creatorId: bob.id, memberIds: [owner.id] });
    write(me, bob.id, ["here"], channel.id);
    await me.received("here");
    await me.go();
    world.kick(bob.id, channel.id, owner.id);
    await me.come();
    await me.go();
    await me.come();
    expect(me.account.stats()).toMatchObject({ paused: 0, fetches: 1 });
  });

  test("gets 5,000 messages of 50 chats", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const people = numbered(30, "Person").map((firstName) => world.createUser({ firstName }));
    const [host] = people;
    if (host === undefined) throw new Error("nobody");
    const members = { creatorId: host.id, memberIds: [owner.id] };
    const channels = numbered(20, "Channel").map((title) => world.createChannel({ title, ...members }));
    for (const { id } of channels) write(me, host.id, ["here"], id);
    write(me, host.id, ["here"]);
    await me.event("message.received", ({ chat }) => chat.id === host.id);
    await me.go();
    const before = me.texts().length;
    const texts = numbered(100, "message");
    for (const text of texts) {
      for (const { id } of people) write(me, id, [text]);
      for (const { id } of channels) write(me, host.id, [text], id);
    }
    await me.come();
    expect(me.texts()).toHaveLength(before + 5_000);
    for (const { id } of [...people, ...channels]) expect(me.texts(id).slice(-100)).toEqual(texts);
    expect(me.account.stats()).toMatchObject({ lost: 0, skips: 0 });
  }, 30_000);
});
