import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { AccountState } from "../../../runtime/telegram/index.ts";
import { createLogger } from "../../../telemetry/index.ts";
import {
  type EmulatedAccount,
  type EmulatedAccountOptions,
  openEmulatedAccount,
} from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

/** Has Telegram freeze the account at its next message. */
async function freeze({ account, emulator, telegram }: EmulatedAccount, code = "FROZEN_METHOD_INVALID") {
  const frozen = nextState(account, "frozen");
  emulator.world.faults.rpcError({ method: "messages.sendMessage", errorCode: 420, errorMessage: code });
  await expect(telegram.send("@bobby", "hello")).rejects.toMatchObject({ code });
  return frozen;
}

async function openWithBob(options: EmulatedAccountOptions = {}) {
  const logged: Record<string, unknown>[] = [];
  const logger = createLogger({ write: (line) => void logged.push(JSON.parse(line)), format: "json" });
  const it = await openEmulatedAccount({ ...options, logger });
  it.emulator.world.createUser({ firstName: "Bob", username: "bobby" });
  await it.telegram.resolve("@bobby");
  return { ...it, logged: logged.filter(({ state }) => state !== undefined) };
}

/** States from now on. */
function follow({ account }: Pick<EmulatedAccount, "account">) {
  const states: AccountState["state"][] = [];
  account.onState(({ state }) => void states.push(state));
  return states;
}

describe("an account that Telegram has frozen", () => {
  test.each(["FROZEN_METHOD_INVALID", "FROZEN_PARTICIPANT_MISSING"])("is so by %s", async (code) => {
    await using it = await openWithBob();
    expect(await freeze(it, code)).toMatchObject({
      error: { category: "FLOOD_BLOCK", message: expect.stringContaining("appeal") },
      untilMs: expect.any(Number),
    });
  });

  test("is not so by PEER_FLOOD, which leaves answers and groups", async () => {
    await using it = await openWithBob();
    const states = follow(it);
    it.emulator.world.faults.rpcError({
      ...{ method: "messages.sendMessage", errorCode: 400, errorMessage: "PEER_FLOOD" },
    });
    await expect(it.telegram.send("@bobby", "hello")).rejects.toMatchObject({ code: "PEER_FLOOD" });
    expect(states).toEqual([]);
  });

  test("comes back as frozen after a lost connection, and tells no plugin of a connection", async () => {
    await using it = await openWithBob();
    await freeze(it);
    const states = follow(it);
    const back = nextState(it.account, "frozen");
    it.emulator.world.faults.dropConnections();
    await back;
    expect(states).toEqual(["offline", "connecting", "catching-up", "frozen"]);
    await it.event("account.disconnected");
    await it.account.stop();

    const account = it.again();
    const restarted = follow({ account });
    const frozen = nextState(account, "frozen");
    await account.start();
    await frozen;
    expect(restarted).toEqual(["connecting", "catching-up", "frozen"]);
    expect(account.health()).toMatchObject({ waits: [{ method: "writes", isRestriction: true }] });
    expect(await account.telegram.me()).toMatchObject({ id: it.owner.id });
    await account.stop();
    expect(it.events.filter(({ type }) => type === "account.connected")).toHaveLength(1);
  });

  test("is online again when its rest is over, over the same connection", async () => {
    const rest = { method: "writes", chatId: null };
    await using it = await openWithBob({
      meanwhile: async ({ floodWaits }) =>
        floodWaits.put({ ...rest, account: parseAccountName("me"), untilMs: systemClock.now() + 1_000 }),
    });
    expect(it.account.health()).toMatchObject({ state: { state: "online" }, reconnects: 0, waits: [] });
    expect(it.logged.map(({ state }) => state)).toEqual(["connecting", "catching-up", "frozen", "online"]);
    await it.telegram.send("@bobby", "hello again");
    await it.account.stop();
    expect(it.events.filter(({ type }) => type === "account.connected")).toMatchObject([
      { reconnected: false },
    ]);
  });
});
