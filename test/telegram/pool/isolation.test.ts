import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { startEmulator } from "../../../runtime/emulator/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { isReachable } from "../../../runtime/telegram/account-state.ts";
import { createAccount, createAccountPool } from "../../../runtime/telegram/index.ts";
import { silent } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";
import { memoryStorage } from "../support/storage.ts";

setDefaultTimeout(30_000);

/** Accounts of one process on one emulator, online. */
async function openAccounts(...names: readonly string[]) {
  await using made = new AsyncDisposableStack();
  const emulator = made.use(await startEmulator({ dataCentres: 1 }));
  const storage = made.use(await memoryStorage());
  const pool = made.use(createAccountPool({ clock: systemClock, logger: silent }));
  const accounts = await Promise.all(
    names.map(async (text, index) => {
      const name = parseAccountName(text);
      const phone = `+1555000${index}`;
      const owner = emulator.world.createUser({ firstName: text, phone });
      const account = createAccount({
        ...{ name, api: { id: 1, hash: "hash" }, server: emulator.server, storage },
        ...{ logger: silent, clock: systemClock, commit: async () => undefined },
      });
      pool.add(account);
      await account.login({
        phone: async () => phone,
        code: async () => emulator.world.loginCode(phone) ?? "",
        password: async () => "",
      });
      return { account, owner };
    }),
  );
  const online = accounts.map(({ account }) => nextState(account, "online"));
  expect(await pool.start(AbortSignal.timeout(20_000))).toEqual(new Map());
  await Promise.all(online);
  const owned = made.move();
  return { emulator, pool, accounts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("an account beside others in one process", () => {
  test("does not feel that one cannot connect, one is flooded, and one is logged out", async () => {
    await using it = await openAccounts("well", "cut", "flooded", "ended");
    const { faults } = it.emulator.world;
    const [well, cut, flooded, ended] = it.accounts;
    if (!well || !cut || !flooded || !ended) throw new Error("Four accounts were made");
    const states: string[] = [];
    well.account.onState(({ state }) => states.push(state));

    const isOffline = nextState(cut.account, "offline");
    faults.dropOnCall({ userId: cut.owner.id, method: "*", times: 10_000 });
    faults.dropConnections(cut.owner.id);
    faults.floodWait({ userId: flooded.owner.id, method: "messages.sendMessage", seconds: 3_600 });
    const refused = flooded.account.telegram.send("me", "in an hour").catch((error) => error.code);
    const isOver = nextState(ended.account, "logged-out");
    for (const { authKeyId } of it.emulator.world.sessions(ended.owner.id)) {
      it.emulator.world.revokeSession(authKeyId);
    }
    await expect(ended.account.telegram.send("me", "over")).rejects.toMatchObject({
      code: "SESSION_REVOKED",
    });
    await Promise.all([isOffline, isOver]);

    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    for (const text of texts) expect(await well.account.telegram.send("me", text)).toMatchObject({ text });
    expect(it.emulator.world.messages(well.owner.id, well.owner.id).map(({ text }) => text)).toEqual(texts);
    expect(await it.pool.acquire(well.account.name)).toBe(well.account);
    expect(states).toEqual([]);
    const untroubled = { lastError: null, failuresInRow: 0, waits: [], callsWaiting: 0 };
    expect(well.account.health()).toMatchObject(untroubled);
    // The others are in trouble all the time.
    expect(isReachable(cut.account.state)).toBe(false);
    expect(flooded.account.health()).toMatchObject({
      callsWaiting: 0,
      waits: [{ method: "messages.sendMessage" }],
    });
    expect(ended.account.state.state).toBe("logged-out");
    await expect(it.pool.acquire(ended.account.name)).rejects.toMatchObject({ code: "ACCOUNT_OFFLINE" });
    await flooded.account.stop();
    expect(await refused).toBeString();
  });
});
