import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

// Several keys are agreed on, which takes its time on a busy machine.
setDefaultTimeout(30_000);

const importsOf = ({ emulator }: EmulatedAccount) => emulator.stats().rpcCalls["auth.importAuthorization"];

/** Someone who writes numbers to the account. */
function writerTo({ emulator, events, event, owner }: EmulatedAccount) {
  const bob = emulator.world.createUser({ firstName: "Bob", username: "bobby" });
  const numbers = ["1", "2", "3", "4", "5"];
  return {
    write: () => {
      for (const text of numbers) emulator.world.sendMessage({ fromId: bob.id, chatId: owner.id, text });
    },
    async expectAll() {
      await event("message.received", ({ text }) => text === "5");
      expect(events.flatMap((each) => (each.type === "message.received" ? [each.text] : []))).toEqual(
        numbers,
      );
    },
    answers: () => emulator.world.messages(bob.id, owner.id).filter(({ fromId }) => fromId === owner.id),
  };
}

describe("an account that Telegram moves to another data centre", () => {
  test("goes along while it runs: calls find their answers, once, and no message is lost", async () => {
    await using it = await openEmulatedAccount();
    const bob = writerTo(it);
    await it.telegram.resolve("@bobby");
    const online = nextState(it.account, "online");
    it.emulator.world.moveUser(it.owner.id, 2);
    bob.write();
    const [me] = await Promise.all([
      it.telegram.me(),
      it.telegram.send("@bobby", "answer"),
      it.telegram.dialogs(),
    ]);
    expect(me).toMatchObject({ id: it.owner.id });
    expect(await online).toMatchObject({ dataCentreId: 2 });
    await bob.expectAll();
    expect(bob.answers()).toHaveLength(1);
    expect(it.account.health()).toMatchObject({ reconnects: 1, lastError: { code: "ACCOUNT_MOVED" } });
    expect(importsOf(it)).toBe(1);
  });

  test("begins at its new home the next time", async () => {
    await using it = await openEmulatedAccount();
    const moved = nextState(it.account, "offline").then(() => nextState(it.account, "online"));
    it.emulator.world.moveUser(it.owner.id, 2);
    await it.telegram.me();
    await moved;
    await it.account.stop();
    const account = it.again();
    const online = nextState(account, "online");
    await account.start();
    expect(await online).toMatchObject({ dataCentreId: 2 });
    expect(account.health()).toMatchObject({ reconnects: 0, lastError: null });
    expect(importsOf(it)).toBe(1);
  });

  test("is found when it was moved while the program was away", async () => {
    await using it = await openEmulatedAccount();
    const bob = writerTo(it);
    await it.account.stop();
    it.emulator.world.moveUser(it.owner.id, 2);
    bob.write();
    const account = it.again();
    const online = nextState(account, "online");
    await account.start();
    expect(await online).toMatchObject({ dataCentreId: 2 });
    await bob.expectAll();
  });

  test("is followed at the second try when the first fails, and keeps its session meanwhile", async () => {
    await using it = await openEmulatedAccount();
    const [offline, online] = [nextState(it.account, "offline"), nextState(it.account, "online")];
    it.emulator.world.faults.rpcError({
      method: "auth.importAuthorization",
      errorCode: 400,
      errorMessage: "AUTH_BYTES_INVALID",
    });
    it.emulator.world.moveUser(it.owner.id, 2);
    expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
    expect(await offline).toMatchObject({ error: { code: "MOVE_FAILED", retryable: true } });
    expect(await online).toMatchObject({ dataCentreId: 2 });
  });
});
