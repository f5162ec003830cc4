import { expect, test } from "bun:test";
import { openAwayAccount } from "../telegram/support/away-account.ts";

// Chaos lost 9 of 2,000 messages at seed 12. A channel whose differences failed was behind the account when the program
// was killed; the next start took the account's time for the channel's, and read its history from there.
test("a channel that was behind the account at a restart is read from its own time (chaos seed 12)", async () => {
  let aheadMs = 0;
  await using me = await openAwayAccount({
    now: () => Date.now() + aheadMs,
    prepare: (world, owner) => {
      const bob = world.createUser({ firstName: "Bob" });
      world.createChannel({ title: "Channel", creatorId: bob.id, memberIds: [owner.id] });
    },
  });
  const { world, owner } = me;
  const [channel] = world.chats();
  const bobId = channel?.creatorId ?? "";
  const chatId = channel?.id ?? "";
  const write = (to: string, text: string) => {
    aheadMs += 2_000;
    world.sendMessage({ fromId: bobId, chatId: to, text });
  };
  write(chatId, "before");
  await me.received("before");

  await me.go();
  const missed = ["one", "two", "three"];
  for (const text of missed) write(chatId, text);
  write(owner.id, "later than those");
  const fault = { method: "updates.getChannelDifference", errorCode: 500, errorMessage: "INTERNAL" };
  world.faults.rpcError({ ...fault, times: 1_000 });
  void me.come();
  await me.received("later than those");
  await me.go();
  expect(me.texts(chatId)).toEqual(["before"]);

  world.faults.clear();
  world.faults.differences({ chatId, effect: "too-long" });
  await me.come();
  // What was written in the second of the last that is known comes again; the journal knows it by its id.
  expect([...new Set(me.texts(chatId))]).toEqual(["before", ...missed]);
});
