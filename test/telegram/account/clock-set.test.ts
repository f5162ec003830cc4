import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createClock } from "../../../runtime/scope/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";

// Several keys are agreed on, which takes its time on a busy machine.
setDefaultTimeout(30_000);

const hourMs = 3_600_000;

/** Calls go through, and every message comes, once and in order. */
async function expectToWork({ account, emulator, event, events, owner, telegram }: EmulatedAccount) {
  const bob = emulator.world.createUser({ firstName: "Bob" });
  const texts = Array.from({ length: 5 }, (_, index) => `${bob.id}/${index}`);
  for (const text of texts) emulator.world.sendMessage({ fromId: bob.id, chatId: owner.id, text });
  expect(await telegram.me()).toMatchObject({ id: owner.id });
  await event("message.received", ({ text }) => text === texts.at(-1));
  const received = events.flatMap((each) => (each.type === "message.received" ? [each.text] : []));
  expect(received.filter((text) => text?.startsWith(`${bob.id}/`))).toEqual(texts);
  expect(account.stats().lost).toBe(0);
}

describe("a connection on which the server's clock is set", () => {
  test.each([
    ["back by an hour", [-hourMs]],
    ["forward by an hour", [hourMs]],
    ["forward by an hour and back again", [hourMs, 0]],
    ["back by a minute, and by an hour", [-60_000, -hourMs]],
  ])("%s loses nothing, and calls go through", async (_, aheadMs) => {
    await using it = await openEmulatedAccount();
    for (const each of aheadMs) {
      it.emulator.world.faults.skewClock(each);
      await expectToWork(it);
    }
  });

  test("fails no call that may not be made twice, as what is refused was not done", async () => {
    await using it = await openEmulatedAccount();
    const { world } = it.emulator;
    world.createChannel({ title: "Channel", username: "made_once", creatorId: it.owner.id });
    await it.telegram.resolve("@made_once");
    world.faults.skewClock(-hourMs);
    const link = await it.telegram.createInviteLink("@made_once", { title: "Once" });
    expect(link).toMatchObject({ title: "Once" });
    expect(it.emulator.stats().rpcCalls["messages.exportChatInvite"]).toBe(1);
  });
});

describe("a connection on which this machine's clock is set", () => {
  test.each([
    ["back by an hour", [-hourMs]],
    ["forward by an hour", [hourMs]],
    ["forward by an hour and back again", [hourMs, 0]],
  ])("%s loses nothing, and goes on by the same connection", async (_, aheadMs) => {
    let setByMs = 0;
    const clock = createClock({ wall: () => Date.now() + setByMs });
    await using it = await openEmulatedAccount({ clock });
    for (const each of aheadMs) {
      setByMs = each;
      await expectToWork(it);
    }
    expect(it.account.health().reconnects).toBe(0);
  });

  test("comes back by another connection too", async () => {
    let setByMs = 0;
    const clock = createClock({ wall: () => Date.now() + setByMs });
    await using it = await openEmulatedAccount({ clock });
    setByMs = hourMs;
    it.emulator.world.faults.dropConnections();
    await expectToWork(it);
    expect(it.account.health().reconnects).toBe(1);
  });
});
