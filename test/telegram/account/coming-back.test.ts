import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Api } from "telegram";
import { TelegraphistError } from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { SessionHold } from "../../../runtime/storage/index.ts";
import type { AccountState } from "../../../runtime/telegram/index.ts";
import { Supervisor } from "../../../runtime/telegram/supervisor.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

const oddAnswer = { method: "updates.getState", errorCode: 400, errorMessage: "SOMETHING_ODD" };

test("Supervisor comes back when the check of the session finds no answer in time", async () => {
  let asked = 0;
  await using rig = startMtprotoRig({
    "updates.getState": () => {
      asked += 1;
      if (asked === 1) return new Promise(() => undefined);
      return { _: "updates.state", pts: 1, qts: 0, date: 1, seq: 1, unread_count: 0 };
    },
  });
  const states: AccountState[] = [];
  const online = Promise.withResolvers<void>();
  const supervisor = new Supervisor({
    open: (onBroken) => rig.connect({ onBroken }),
    verify: async (connection, signal) => void (await connection.send(new Api.updates.GetState(), signal)),
    move: async () => undefined,
    frozen: () => null,
    catchUp: async () => undefined,
    onState: (state) => {
      states.push(state);
      if (state.state === "online") online.resolve();
    },
    clock: systemClock,
    attributes: {},
    random: () => 1,
    connectTimeoutMs: 1_000,
  });
  await supervisor.start(AbortSignal.timeout(20_000));
  await online.promise;
  expect(states.find(({ state }) => state === "offline")).toMatchObject({
    error: { code: "CONNECT_TIMEOUT", category: "NETWORK", retryable: true },
    retryAtMs: expect.any(Number),
  });
  await supervisor.stop();
});

describe("an account whose session cannot be verified", () => {
  test("comes back after an answer that nobody knows", async () => {
    await using it = await openEmulatedAccount();
    const online = nextState(it.account, "online");
    it.emulator.world.faults.rpcError(oddAnswer);
    it.emulator.world.faults.dropConnections();
    await online;
    expect(it.account.health().lastError).toMatchObject({ code: "SOMETHING_ODD" });
  });

  test("is started all the same, and tries again", async () => {
    await using it = await openEmulatedAccount();
    await it.account.stop();
    const online = nextState(it.account, "online");
    it.emulator.world.faults.rpcError(oddAnswer);
    await it.account.start();
    await online;
  });

  test("comes back after a failure of the database", async () => {
    const locked = new TelegraphistError({ code: "STORAGE_LOCKED", category: "STORAGE", message: "Busy" });
    let isLocked = false;
    const hold: SessionHold = {
      isFresh: true,
      lost: new AbortController().signal,
      ensure: async () => {
        if (!isLocked) return;
        isLocked = false;
        throw locked;
      },
      release: async () => undefined,
    };
    await using it = await openEmulatedAccount({ takeSession: async () => hold });
    isLocked = true;
    const offline = nextState(it.account, "offline").then(() => nextState(it.account, "offline"));
    const online = nextState(it.account, "online");
    it.emulator.world.faults.dropConnections();
    expect(await offline).toMatchObject({ error: { code: "STORAGE_LOCKED" }, retryAtMs: expect.any(Number) });
    await online;
  });

  test("stays offline, and says so, when only another configuration helps", async () => {
    await using it = await openEmulatedAccount();
    await it.account.stop();
    const offline = nextState(it.account, "offline");
    it.emulator.world.faults.rpcError({ ...oddAnswer, errorMessage: "API_ID_INVALID" });
    await expect(it.account.start()).rejects.toMatchObject({ code: "API_ID_INVALID" });
    expect(await offline).toMatchObject({ error: { code: "API_ID_INVALID" }, retryAtMs: null });
  });

  test("stays offline when nobody knows where its data centre is", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    const record = await rig.storage.sessions.load(rig.account.name);
    if (record === null) return expect.unreachable();
    const [authKey = new Uint8Array()] = record.authKeys.values();
    await rig.storage.sessions.save({ ...record, mainDataCentreId: 9, authKeys: new Map([[9, authKey]]) });
    await expect(rig.account.start()).rejects.toMatchObject({ code: "DATA_CENTRE_UNKNOWN" });
    expect(rig.account.state).toMatchObject({ state: "offline", retryAtMs: null });
  });

  test("goes on when a call is told what ends an attempt to connect", async () => {
    await using it = await openEmulatedAccount();
    it.emulator.world.faults.rpcError({
      ...oddAnswer,
      method: "users.getUsers",
      errorMessage: "API_ID_INVALID",
    });
    await expect(it.telegram.me()).rejects.toMatchObject({ code: "API_ID_INVALID" });
    expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
    expect(it.account.state.state).toBe("online");
  });
});

describe("an account that Telegram tells to wait on its way", () => {
  const method = "updates.getState";

  test("tells so as of any wait, and keeps it over a restart", async () => {
    await using it = await openEmulatedAccount();
    const waiting = nextState(it.account, "waiting");
    it.emulator.world.faults.floodWait({ method, seconds: 60 });
    it.emulator.world.faults.dropConnections();
    const state = await waiting;
    expect(state).toMatchObject({ error: { code: "FLOOD_WAIT" }, untilMs: expect.any(Number) });
    expect(await it.event("flood.waiting")).toMatchObject({ method, chatId: null });
    expect(it.account.health().waits).toMatchObject([{ method, isRestriction: false }]);
    await it.account.stop();
    const asked = it.emulator.stats().rpcCalls[method];
    const { connectionsOpened } = it.emulator.stats();
    const again = it.again();
    await again.start();
    expect(again.state).toMatchObject({ state: "waiting", error: { code: "FLOOD_WAIT" } });
    expect(it.emulator.stats()).toMatchObject({ connectionsOpened });
    expect(it.emulator.stats().rpcCalls[method]).toBe(asked ?? 0);
  });

  test("comes back when the wait is over", async () => {
    await using it = await openEmulatedAccount();
    const online = nextState(it.account, "waiting").then(() => nextState(it.account, "online"));
    it.emulator.world.faults.floodWait({ method, seconds: 1 });
    it.emulator.world.faults.dropConnections();
    await online;
    expect(it.account.health().waits).toEqual([]);
  });
});
