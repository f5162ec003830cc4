import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { parseAccountName, parseUserId } from "../../../runtime/contract/index.ts";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { createHandClock, systemClock } from "../../../runtime/scope/index.ts";
import { MtprotoConnection } from "../../../runtime/telegram/connection.ts";
import { DataCentres } from "../../../runtime/telegram/data-centres.ts";
import { OtherConnections } from "../../../runtime/telegram/other-connections.ts";
import { AccountSession } from "../../../runtime/telegram/session.ts";
import { nearestDc, silent, startMtprotoRig } from "../support/mtproto-rig.ts";
import { memoryStorage } from "../support/storage.ts";

const [home, away] = [2, 4];
const signal = () => AbortSignal.timeout(5000);
const ask = (connection: MtprotoConnection) => connection.send(new Api.help.GetNearestDc(), signal());

/** An account at home in data centre 2, on a server that vouches for it in data centre 4. */
async function startOthers(handlers: RpcHandlers = {}) {
  const bytes = Buffer.from("ticket");
  const rig = startMtprotoRig(
    {
      "help.getNearestDc": nearestDc,
      "auth.importAuthorization": () => ({ _: "auth.authorization", user: { _: "user", id: 7n } }),
      ...handlers,
    },
    [home, away],
  );
  const storage = await memoryStorage();
  const clock = createHandClock(0);
  const session = AccountSession.begin(storage.sessions, {
    account: parseAccountName("me"),
    device: { model: "test", systemVersion: "1", appVersion: "1" },
    mainDataCentreId: home,
    nowMs: 0,
  });
  await session.logIn(parseUserId("7"), 0);
  const dataCentres = new DataCentres({ dataCentres: rig.server.dataCentres, publicKeys: [] });
  const open = (id: number, authKey: Uint8Array | null, onBroken: () => void, bounded: AbortSignal) =>
    MtprotoConnection.open(
      {
        dataCentre: dataCentres.byId(id),
        authKey,
        api: { id: 1, hash: "hash" },
        device: session.device,
        logger: silent,
        clock: systemClock,
        onBroken,
      },
      bounded,
    );
  const others = new OtherConnections({
    session: () => session,
    open,
    exportAuthorization: async () => new Api.auth.ExportedAuthorization({ id: 7 as never, bytes }),
    clock,
  });
  return {
    rig,
    others,
    session,
    clock,
    [Symbol.asyncDispose]: async () => {
      await others.closeAll();
      await rig[Symbol.asyncDispose]();
      await storage.close();
    },
  };
}

describe("OtherConnections.use()", () => {
  test("opens one connection for all who ask at once, vouched for, and keeps its key", async () => {
    await using it = await startOthers();
    await Promise.all([1, 2, 3].map(() => it.others.use(away, signal(), ask)));
    expect(it.rig.server.stats()).toMatchObject({
      connectionsOpened: 1,
      rpcCalls: { "auth.importAuthorization": 1, "help.getNearestDc": 3 },
    });
    expect(it.session.authKey(away)?.length).toBe(256);
  });

  test("asks for no updates", async () => {
    await using it = await startOthers();
    await it.others.use(away, signal(), ask);
    expect(it.rig.server.connections()).toMatchObject([{ dcId: away, takesUpdates: false }]);
  });

  test("uses the key that it has, without being vouched for again", async () => {
    await using it = await startOthers();
    await it.others.use(away, signal(), ask);
    await it.others.closeAll();
    await it.others.use(away, signal(), ask);
    expect(it.rig.server.stats().rpcCalls["auth.importAuthorization"]).toBe(1);
  });

  test("forgets a key that the data centre does not take, so that the next try is vouched for", async () => {
    let isStranger = true;
    await using it = await startOthers({
      "help.getNearestDc": () => {
        if (isStranger) throw new RpcError(401, "AUTH_KEY_UNREGISTERED");
        return nearestDc();
      },
    });
    await expect(it.others.use(away, signal(), ask)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      retryable: true,
    });
    expect(it.session.authKey(away)).toBeNull();
    isStranger = false;
    expect((await it.others.use(away, signal(), ask)).country).toBe("XX");
  });

  test("opens anew after a connection has ended", async () => {
    await using it = await startOthers();
    await it.others.use(away, signal(), ask);
    it.rig.dropConnections();
    await it.rig.connections(0);
    const again = () => it.others.use(away, signal(), ask);
    expect((await again().catch(again)).country).toBe("XX");
  });
});

describe("OtherConnections.closeIdle()", () => {
  test("closes what nobody used for so long, and nothing sooner", async () => {
    await using it = await startOthers();
    await it.others.use(away, signal(), ask);
    await it.clock.advance(999);
    expect(await it.others.closeIdle(1000)).toBe(0);
    await it.clock.advance(1);
    expect(await it.others.closeIdle(1000)).toBe(1);
    await it.rig.connections(0);
  });
});

describe("OtherConnections.closeAll() (G15)", () => {
  test("closes them all", async () => {
    await using it = await startOthers();
    await it.others.use(away, signal(), ask);
    await it.others.use(home, signal(), ask).catch(() => undefined);
    await it.others.closeAll();
    await it.rig.connections(0);
    expect(it.others.size).toBe(0);
  });

  test("waits for none that is still being opened", async () => {
    const asked = Promise.withResolvers<void>();
    await using it = await startOthers({
      "auth.importAuthorization": () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const failure = it.others.use(away, signal(), ask).catch((error) => error);
    await asked.promise;
    await it.others.closeAll();
    expect(await failure).toMatchObject({ code: "CONNECTION_LOST" });
    await it.rig.connections(0);
  });

  test("shows that GramJS by itself leaves one open", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    await client.connect();
    const leaked = await client.getSender(home);
    await client.disconnect();
    await rig.connections(1);
    expect(leaked.isConnected()).toBe(true);
    await leaked.disconnect();
  });
});
