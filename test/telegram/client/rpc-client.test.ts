import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { parseAccountName, parseChatId } from "../../../runtime/contract/index.ts";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { ConnectionBudget } from "../../../runtime/telegram/connection-budget.ts";
import { FloodGate } from "../../../runtime/telegram/flood/flood-gate.ts";
import { RpcClient } from "../../../runtime/telegram/rpc-client.ts";
import { nearestDc, silent, startMtprotoRig } from "../support/mtproto-rig.ts";
import { memoryStorage } from "../support/storage.ts";

const request = () => new Api.help.GetNearestDc();

/** Calls over one connection to a server with these methods. */
async function startRpc(handlers: RpcHandlers, hasMoved = false, makeRoom = () => {}) {
  const rig = startMtprotoRig(handlers);
  const storage = await memoryStorage();
  const connection = await rig.connect();
  const account = () => ({ name: parseAccountName("me"), userId: null });
  const errors: string[] = [];
  const centres: number[] = [];
  const rpc = new RpcClient({
    account,
    dataCentreId: () => connection.dataCentreId,
    connections: {
      useMain: (_, run) => run(connection),
      useOther: async (dataCentreId, _, run) => {
        makeRoom();
        centres.push(dataCentreId);
        return run(connection);
      },
      offlineReason: () => null,
    },
    gate: new FloodGate({
      account,
      waits: storage.floodWaits,
      clock: systemClock,
      logger: silent,
      onEvent: () => undefined,
    }),
    clock: systemClock,
    onError: (error) => {
      errors.push(error.code);
      return hasMoved;
    },
    random: () => 1,
  });
  return {
    rpc,
    errors,
    centres,
    close: () => connection.close(),
    calls: () => rig.server.stats().rpcCalls["help.getNearestDc"],
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      await storage.close();
    },
  };
}

/** A method that fails so many times before it answers. */
function failing(times: number, code: number, text: string): RpcHandlers {
  let left = times;
  return {
    "help.getNearestDc": () => {
      left -= 1;
      if (left >= 0) throw new RpcError(code, text);
      return nearestDc();
    },
  };
}

/** After a call that its caller gave up while Telegram had it. */
async function startRpcWithAbortedCall() {
  const asked = Promise.withResolvers<void>();
  const rig = await startRpc({
    "help.getNearestDc": () => {
      asked.resolve();
      return new Promise(() => undefined);
    },
  });
  const controller = new AbortController();
  const call = rig.rpc.invoke(request(), { signal: controller.signal });
  await asked.promise;
  controller.abort();
  const failure = await call.catch((error: unknown) => error);
  return { ...rig, failure, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

describe("RpcClient.invoke()", () => {
  test("tries again when the server has a trouble of its own (G7)", async () => {
    await using rig = await startRpc(failing(2, 500, "RPC_CALL_FAIL"));
    expect((await rig.rpc.invoke(request())).country).toBe("XX");
    expect(rig.errors).toEqual(["RPC_CALL_FAIL", "RPC_CALL_FAIL"]);
  });

  test("does not make again what may have been done and makes something new each time", async () => {
    let calls = 0;
    await using rig = await startRpc({
      "messages.createChat": () => {
        calls += 1;
        throw new RpcError(-503, "Timeout");
      },
    });
    const create = new Api.messages.CreateChat({ users: [], title: "Club" });
    await expect(rig.rpc.invoke(create)).rejects.toMatchObject({ category: "NETWORK", retryable: true });
    expect(calls).toBe(1);
  });

  test("makes a look again when its answer does not come in the server's time", async () => {
    await using rig = await startRpc(failing(1, -503, "Timeout"));
    expect((await rig.rpc.invoke(request())).country).toBe("XX");
    expect(rig.calls()).toBe(2);
  });

  test("goes where the statistics are kept", async () => {
    await using rig = await startRpc(failing(1, 303, "STATS_MIGRATE_4"));
    expect((await rig.rpc.invoke(request())).country).toBe("XX");
    expect(rig.centres).toEqual([4]);
  });

  test("is made again where the account has moved to, and not for ever", async () => {
    await using moved = await startRpc(failing(1, 303, "USER_MIGRATE_4"), true);
    expect((await moved.rpc.invoke(request())).country).toBe("XX");
    await using driven = await startRpc(failing(100, 303, "USER_MIGRATE_4"), true);
    await expect(driven.rpc.invoke(request())).rejects.toMatchObject({ code: "USER_MIGRATE" });
    expect(driven.calls()).toBe(4);
  });

  test("fails at once on what no retry cures", async () => {
    await using rig = await startRpc(failing(1, 400, "INPUT_INVALID"));
    await expect(rig.rpc.invoke(request())).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(rig.calls()).toBe(1);
  });

  test("waits as long as Telegram says and then goes through (G9)", async () => {
    await using rig = await startRpc(failing(1, 420, "FLOOD_WAIT_1"));
    const waiting = rig.rpc.invoke(request());
    // Another method is not held up meanwhile.
    await expect(rig.rpc.invoke(new Api.help.GetSupport())).rejects.toMatchObject({ code: "METHOD_INVALID" });
    expect((await waiting).country).toBe("XX");
    expect(rig.calls()).toBe(2);
  });

  test("says how long the wait is when it does not fit the call's time (G9)", async () => {
    await using rig = await startRpc(failing(1, 420, "FLOOD_WAIT_30"));
    await expect(rig.rpc.invoke(request(), { timeoutMs: 5000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      retryable: true,
      data: { method: "help.getNearestDc" },
    });
    expect(rig.calls()).toBe(1);
  });

  test("holds only the slow chat at a slow mode", async () => {
    await using rig = await startRpc(failing(1, 420, "SLOWMODE_WAIT_30"));
    const [slow, other] = [parseChatId("-1001"), parseChatId("-1002")];
    await expect(rig.rpc.invoke(request(), { chatId: slow, timeoutMs: 5000 })).rejects.toMatchObject({
      code: "FLOOD_WAIT",
    });
    expect((await rig.rpc.invoke(request(), { chatId: other })).country).toBe("XX");
  });

  test("throws when its time is over, whatever the server does (G5)", async () => {
    await using rig = await startRpc({ "help.getNearestDc": () => new Promise(() => undefined) });
    await expect(rig.rpc.invoke(request(), { timeoutMs: 20 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
      category: "CANCELLED",
      retryable: true,
    });
  });

  test("throws when its signal is aborted (G5)", async () => {
    await using rig = await startRpcWithAbortedCall();
    expect(rig.failure).toMatchObject({ code: "CALL_CANCELLED" });
  });
});

describe("RpcClient.failuresInRow", () => {
  const silence: RpcHandlers = { "help.getNearestDc": () => new Promise(() => undefined) };

  test("counts calls that found no answer in their time, until one does", async () => {
    await using rig = await startRpc(silence);
    await expect(rig.rpc.invoke(request(), { timeoutMs: 20 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
    });
    await expect(rig.rpc.invoke(request(), { timeoutMs: 20 })).rejects.toMatchObject({
      code: "CALL_TIMEOUT",
    });
    expect(rig.rpc.failuresInRow).toBe(2);
    await expect(rig.rpc.invoke(new Api.help.GetSupport())).rejects.toMatchObject({ code: "METHOD_INVALID" });
    expect(rig.rpc.failuresInRow).toBe(0);
  });

  test("does not count what was given up by its caller, which says nothing of the account", async () => {
    await using rig = await startRpcWithAbortedCall();
    expect(rig.failure).toMatchObject({ code: "CALL_CANCELLED" });
    expect(rig.rpc.failuresInRow).toBe(0);
  });

  test("counts lost connections, and no trouble that the server tells of", async () => {
    await using rig = await startRpc({
      "messages.createChat": () => {
        throw new RpcError(500, "RPC_CALL_FAIL");
      },
    });
    const create = () => rig.rpc.invoke(new Api.messages.CreateChat({ users: [], title: "Club" }));
    await expect(create()).rejects.toMatchObject({ code: "RPC_CALL_FAIL" });
    expect(rig.rpc.failuresInRow).toBe(0);
    await rig.close();
    await expect(create()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(rig.rpc.failuresInRow).toBe(1);
  });

  test("does not count the bound on connections for files, which is of all accounts", async () => {
    const full = new ConnectionBudget(0);
    await using rig = await startRpc({}, false, () => full.makeRoom());
    await expect(rig.rpc.invokeOn(4, request(), { timeoutMs: 500 })).rejects.toThrow();
    expect(rig.rpc.failuresInRow).toBe(0);
  });
});
