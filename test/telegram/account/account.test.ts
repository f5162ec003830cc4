import { describe, expect, test } from "bun:test";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import { homeDataCentreId, prompts, startAccountRig } from "../support/account-rig.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { numbered } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";

describe("Account.start()", () => {
  test("takes up the stored session after a restart, without a new login", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    const account = rig.again();
    await account.start();
    await rig.reached("online", account);
    expect(account.state).toMatchObject({ state: "online", dataCentreId: homeDataCentreId });
    expect(account.ref).toEqual({ name: account.name, userId: expect.stringMatching("7") });
    expect(rig.telegram.server.stats().rpcCalls["auth.sendCode"]).toBe(2);
    expect(await rig.event("account.connected")).toMatchObject({ reconnected: false });
  });

  test("says how to log in when there is no session", async () => {
    await using rig = await startAccountRig();
    await expect(rig.account.start()).rejects.toMatchObject({
      code: "ACCOUNT_NO_SESSION",
      message: 'Cannot use the account "me" as it has no session: run "telegraphist login me"',
    });
    expect(rig.account.state.state).toBe("new");
  });

  test("does not take a session whose key the database has lost for one that is over", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    const record = await rig.storage.sessions.load(rig.account.name);
    if (record === null) return expect.unreachable();
    await rig.storage.sessions.save({ ...record, authKeys: new Map() });
    const { connectionsOpened } = rig.telegram.server.stats();
    const message = expect.stringContaining("restore a backup");
    const missing = { code: "SESSION_KEY_MISSING", category: "STORAGE", message };
    await expect(rig.account.start()).rejects.toMatchObject(missing);
    await expect(rig.account.authorizations()).rejects.toMatchObject(missing);
    expect(rig.account.state).toMatchObject({ state: "offline", error: missing, retryAtMs: null });
    expect(rig.telegram.server.stats().connectionsOpened).toBe(connectionsOpened);
    expect(await rig.storage.sessions.load(rig.account.name)).toMatchObject({ state: "active" });
    await rig.account.login(prompts);
    await rig.account.start();
    await rig.reached("online");
  });

  test("refuses to start twice", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    await expect(rig.account.start()).rejects.toMatchObject({ code: "ACCOUNT_RUNNING" });
  });

  test("stays offline and goes on trying when Telegram cannot be reached (G6, G16)", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.telegram.server.stop();
    await rig.account.start();
    expect(rig.account.state).toMatchObject({
      state: "offline",
      error: { code: "SOCKET_CONNECT_FAILED" },
      retryAtMs: expect.any(Number),
    });
  });

  test("waits at a flood wait and keeps the session (G8)", async () => {
    let isFlooded = false;
    await using rig = await startAccountRig({
      "updates.getState": () => {
        if (isFlooded) {
          isFlooded = false;
          throw new RpcError(420, "FLOOD_WAIT_1");
        }
        return { _: "updates.state", pts: 1, qts: 0, date: 1, seq: 1, unread_count: 0 };
      },
    });
    await rig.account.login(prompts);
    isFlooded = true;
    await rig.account.start();
    expect(rig.account.state.state).toBe("waiting");
    await rig.reached("online");
    expect(rig.telegram.server.stats().rpcCalls["auth.sendCode"]).toBe(2);
  });

  test("ends when the session was revoked, remembers it, and takes a new login", async () => {
    let isRevoked = false;
    await using rig = await startAccountRig({
      "updates.getState": () => {
        if (isRevoked) throw new RpcError(401, "SESSION_REVOKED");
        return { _: "updates.state", pts: 1, qts: 0, date: 1, seq: 1, unread_count: 0 };
      },
    });
    await rig.account.login(prompts);
    isRevoked = true;
    await expect(rig.account.start()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    expect(rig.account.state.state).toBe("logged-out");
    expect(await rig.event("account.loggedOut")).toMatchObject({ error: { code: "SESSION_REVOKED" } });
    await rig.account.stop();
    expect(await rig.storage.sessions.load(rig.account.name)).toMatchObject({ state: "logged-out" });
    const restarted = rig.again();
    await expect(restarted.start()).rejects.toMatchObject({ code: "ACCOUNT_NO_SESSION" });
    expect(restarted.state).toMatchObject({ state: "logged-out", error: { code: "ACCOUNT_NO_SESSION" } });
    expect(restarted.health().lastError).toMatchObject({ code: "ACCOUNT_NO_SESSION" });
    expect(restarted.ref.userId).toBe(rig.account.ref.userId);
    await rig.event("account.loggedOut", ({ error }) => error.code === "ACCOUNT_NO_SESSION");

    isRevoked = false;
    await rig.account.login(prompts);
    await rig.account.start();
    await rig.reached("online");
  });
});

describe("Account on the way", () => {
  test("comes back after its connection was cut, and tells both", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    await rig.reached("online");
    const back = rig.reached("offline").then(() => rig.reached("online"));
    rig.telegram.dropConnections();
    await back;
    expect(await rig.event("account.disconnected")).toMatchObject({ retryInMs: expect.any(Number) });
    expect(rig.account.health()).toMatchObject({ reconnects: 1, lastError: { code: "CONNECTION_LOST" } });
    await rig.account.stop();
    expect(rig.events.filter((event) => event.type === "account.connected")).toMatchObject([
      { reconnected: false },
      { reconnected: true },
    ]);
    const changes = rig.events.filter((event) => event.type === "account.stateChanged");
    expect(changes.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ["new", "connecting", null],
      ["connecting", "catching-up", null],
      ["catching-up", "online", null],
      ["online", "offline", "CONNECTION_LOST"],
      ["offline", "connecting", null],
      ["connecting", "catching-up", null],
      ["catching-up", "online", null],
      ["online", "stopped", null],
    ]);
  });

  test("carries a call through a cut connection", async () => {
    let asked = 0;
    await using rig = await startAccountRig({
      "users.getUsers": (_, call) => {
        asked += 1;
        if (asked === 1) {
          rig.telegram.server.push.disconnect(call.authKeyId);
          return new Promise(() => undefined);
        }
        return [{ _: "user", id: 7n, self: true, first_name: "Ada" }];
      },
    });
    await rig.account.login(prompts);
    await rig.account.start();
    expect(await rig.account.telegram.me()).toMatchObject({ firstName: "Ada" });
    expect(asked).toBe(2);
  });

  test("ends at once when any call is told that the session is over", async () => {
    await using rig = await startAccountRig({
      "users.getUsers": () => {
        throw new RpcError(401, "AUTH_KEY_UNREGISTERED");
      },
    });
    await rig.account.login(prompts);
    await rig.account.start();
    await expect(rig.account.telegram.me()).rejects.toMatchObject({ code: "AUTH_KEY_UNREGISTERED" });
    await rig.reached("logged-out");
  });

  test("tells a call how long it has been offline for", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    const offline = rig.reached("offline");
    await rig.telegram.server.stop();
    await offline;
    await expect(rig.account.telegram.me({ timeoutMs: 50 })).rejects.toMatchObject({
      code: "ACCOUNT_OFFLINE",
      retryable: true,
    });
  });

  test("counts updates that become no event, and loses none", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    for (let pts = 0; pts < 20; pts += 1) rig.telegram.push(numbered(pts));
    // Answered behind the updates, over the same connection.
    await rig.account.telegram.me();
    await rig.account.stop();
    expect(rig.account.stats()).toMatchObject({ updates: 20, lost: 0, unmapped: { updatePtsChanged: 20 } });
  });
});

describe("Account.stop()", () => {
  test("closes every connection, and fails the calls that wait", async () => {
    const asked = Promise.withResolvers<void>();
    await using rig = await startAccountRig({
      "users.getUsers": () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    await rig.account.login(prompts);
    await rig.account.start();
    const call = rig.account.telegram.me();
    await asked.promise;
    await rig.account.stop();
    await expect(call).rejects.toMatchObject({ code: "ACCOUNT_STOPPED" });
    await rig.telegram.connections(0);
    expect(rig.account.state.state).toBe("stopped");
  });

  test("lets the account start again", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    await rig.account.stop();
    await rig.account.start();
    await rig.reached("online");
  });

  test("tells what could not be undone, and lets the account start again", async () => {
    let isRefused = false;
    const release = async () => {
      if (!isRefused) return;
      isRefused = false;
      throw new Error("The database is gone");
    };
    const lost = new AbortController().signal;
    await using it = await openEmulatedAccount({
      takeSession: async () => ({ isFresh: true, lost, ensure: async () => undefined, release }),
    });
    isRefused = true;
    await expect(it.account.stop()).rejects.toMatchObject({ data: { effects: ["lease"] } });
    const online = nextState(it.account, "online");
    await it.account.start();
    await online;
  });
});
