import { expect, test } from "bun:test";
import { openAwayAccount } from "../telegram/support/away-account.ts";

// Chaos lost 14 of 5,000 messages at seed 1. A slice of a difference bore the time of its answer; the account took it for
// its own, and when the next difference was too long, its chats were read from there.
test("a difference too long after slices is read from the last message of these (chaos seed 1)", async () => {
  let aheadMs = 0;
  await using me = await openAwayAccount({ now: () => Date.now() + aheadMs });
  const { world, owner } = me;
  const bob = world.createUser({ firstName: "Bob" });
  const write = (text: string) => {
    aheadMs += 2_000;
    world.sendMessage({ fromId: bob.id, chatId: owner.id, text });
  };
  write("before");
  await me.received("before");

  await me.go();
  const missed = ["one", "two", "three", "four", "five", "six"];
  for (const text of missed) write(text);
  world.faults.differenceSlices(2);
  const fault = { method: "updates.getDifference", errorCode: 500, errorMessage: "INTERNAL" };
  world.faults.rpcError({ ...fault, after: 1, times: 1_000 });
  aheadMs += 60_000;
  void me.come();
  await me.received("two");
  await me.go();
  expect(me.texts()).toEqual(["before", "one", "two"]);

  world.faults.clear();
  world.faults.differences({ effect: "too-long" });
  await me.come();
  // What is known of the last second comes again; the journal knows it by its id.
  expect([...new Set(me.texts())]).toEqual(["before", ...missed]);
});
