import { describe, expect, test } from "bun:test";
import type { TelegraphistEvent } from "../../../runtime/contract/index.ts";
import type { JournalBatch, Storage } from "../../../runtime/storage/index.ts";
import { openAwayAccount } from "../support/away-account.ts";

/** A journal that keeps what is new, and dies with the batch that brings a certain message. */
function mortalJournal(lastText?: string) {
  let isDead = false;
  return {
    revive: () => {
      isDead = false;
    },
    async keep(batch: JournalBatch, { journal }: Storage): Promise<readonly TelegraphistEvent[]> {
      if (isDead) throw new Error("The program was killed");
      const [numbers = []] = await journal.append([batch]);
      const kept = batch.events.filter((_, index) => numbers[index] !== null);
      isDead = kept.some((event) => event.type === "message.received" && event.text === lastText);
      return kept;
    },
  };
}

const numbered = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);

describe("an account whose difference is too long", () => {
  test("reads what it missed from its private chats and groups, in order", async () => {
    await using me = await openAwayAccount({ keep: mortalJournal().keep });
    const { world, owner } = me;
    const write = (fromId: string, texts: readonly string[], chatId = owner.id) => {
      for (const text of texts) world.sendMessage({ fromId, chatId, text });
    };
    const people = numbered(3, "Person").map((firstName) => world.createUser({ firstName }));
    const [ada, bob, carol] = people.map(({ id }) => id);
    if (ada === undefined || bob === undefined || carol === undefined) throw new Error("There are three");
    const members = { creatorId: ada, memberIds: [owner.id] };
    const group = world.createGroup({ title: "Group", ...members });
    const channel = world.createChannel({ title: "Channel", ...members });
    write(ada, ["here"]);
    write(ada, ["here too"], channel.id);
    write(carol, ["quiet from now on"]);
    await me.received("quiet from now on");
    await me.received("here too");
    await me.go();
    const long = numbered(250, "long");
    write(ada, long);
    write(bob, ["new"]);
    write(ada, ["in the group"], group.id);
    write(ada, ["in the channel"], channel.id);
    world.faults.differences({ effect: "too-long" });
    await me.come();
    expect(me.texts(ada)).toEqual(["here", ...long]);
    expect(me.texts(bob)).toEqual(["new"]);
    expect(me.texts(carol)).toEqual(["quiet from now on"]);
    expect(me.texts(group.id).filter((text) => text !== "")).toEqual(["in the group"]);
    expect(me.texts(channel.id).filter((text) => text !== "")).toEqual(["here too", "in the channel"]);
    expect(me.account.stats()).toMatchObject({ skips: 0, lost: 0 });
    write(bob, ["after"]);
    await me.received("after");
    expect(me.texts(bob)).toEqual(["new", "after"]);
  });

  test("loses nothing and gets nothing twice when it is killed while it reads", async () => {
    const { keep, revive } = mortalJournal("Bob 4");
    await using me = await openAwayAccount({ keep });
    const { world, owner } = me;
    await me.go();
    const people = ["Ada", "Bob"].map((firstName) => world.createUser({ firstName }));
    for (const { id, firstName } of people) {
      for (const text of numbered(5, firstName)) world.sendMessage({ fromId: id, chatId: owner.id, text });
    }
    world.faults.differences({ effect: "too-long", times: 2 });
    // It never comes to be online.
    void Promise.allSettled([me.come()]);
    await me.received("Bob 4");
    await me.go();
    expect(me.texts()).toEqual(numbered(5, "Bob"));
    revive();
    await me.come();
    expect(me.texts()).toEqual([...numbered(5, "Bob"), ...numbered(5, "Ada")]);
    expect(me.account.stats()).toMatchObject({ skips: 0, lost: 0 });
  });

  test("goes on when a chat may not be read, and says so", async () => {
    await using me = await openAwayAccount();
    const { world, owner } = me;
    const bob = world.createUser({ firstName: "Bob" });
    await me.go();
    world.sendMessage({ fromId: bob.id, chatId: owner.id, text: "passed over" });
    world.faults.differences({ effect: "too-long" });
    const errorMessage = "PEER_ID_INVALID";
    world.faults.rpcError({ method: "messages.getHistory", errorCode: 400, errorMessage });
    await me.come();
    expect(me.account.stats()).toMatchObject({ skips: 1, paused: 0 });
    world.sendMessage({ fromId: bob.id, chatId: owner.id, text: "after" });
    await me.received("after");
    expect(me.texts()).toEqual(["after"]);
  });
});
