import { afterEach, describe, expect, setSystemTime, spyOn, test } from "bun:test";
import { createHandClock } from "../../../runtime/scope/index.ts";
import { pingUntilLost } from "../../../runtime/telegram/pinger.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

const everyMs = 30_000;
/** Between the rounds of GramJS's loop, and what it gives a ping from the second round on. */
const [theirRoundMs, theirPatienceMs] = [9000, 3000];

let timers: { mockRestore(): void } | null = null;

afterEach(() => {
  timers?.mockRestore();
  setSystemTime();
});

/** Lets the rounds of GramJS's loop follow each other at once, by a clock that goes on all the same. */
function hurryTheirLoop(): { readonly waitsMs: readonly number[] } {
  const waitsMs: number[] = [];
  const setTimer = globalThis.setTimeout;
  const hurried = (run: () => void, waitMs = 0) => {
    waitsMs.push(waitMs);
    if (waitMs !== theirRoundMs && waitMs !== theirPatienceMs) return setTimer(run, waitMs);
    setSystemTime(new Date(Date.now() + waitMs));
    return setTimer(run, 1);
  };
  // GramJS asks of it what this takes, and none of Node's other forms.
  timers = spyOn(globalThis, "setTimeout").mockImplementation(hurried as typeof setTimeout);
  return { waitsMs };
}

describe("pingUntilLost() (G3)", () => {
  test("pings at once and then on time, over one connection, and tells the round trip", async () => {
    await using rig = startMtprotoRig();
    const connection = await rig.connect();
    const clock = createHandClock();
    const stopping = new AbortController();
    let ponged = Promise.withResolvers<number>();
    const pinging = pingUntilLost(connection, {
      clock,
      everyMs,
      timeoutMs: 5000,
      signal: stopping.signal,
      onLatency: (latencyMs) => ponged.resolve(latencyMs),
    });
    expect(await ponged.promise).toBeGreaterThan(0);
    for (let round = 0; round < 3; round += 1) {
      ponged = Promise.withResolvers();
      await clock.advance(everyMs);
      expect(await ponged.promise).toBeGreaterThan(0);
    }
    stopping.abort();
    await expect(pinging).rejects.toMatchObject({ code: "CANCELLED" });
    expect(rig.server.stats().connectionsOpened).toBe(1);
  });

  test("finds a connection whose other side has fallen silent", async () => {
    await using rig = startMtprotoRig();
    const [dataCentre] = rig.server.dataCentres;
    if (dataCentre === undefined) return expect.unreachable();
    using proxy = startTcpProxy(dataCentre.port);
    const connection = await rig.connect({ dataCentre: { ...dataCentre, port: proxy.port } });
    const clock = createHandClock();
    const lost = pingUntilLost(connection, {
      clock,
      everyMs,
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      onLatency: () => undefined,
    });
    proxy.freeze();
    await clock.advance(everyMs);
    await clock.advance(10_000);
    expect(await lost).toMatchObject({ code: "PING_TIMEOUT", category: "NETWORK", retryable: true });
  });
});

describe("GramJS's own loop (G3)", () => {
  test("shows that it gives a ping one try of three seconds, and then opens another connection", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    const { waitsMs } = hurryTheirLoop();
    const reconnected = client.connect().then(() => rig.nextConnection());
    await reconnected;
    expect(waitsMs).toContain(theirPatienceMs);
    expect(rig.server.stats().connectionsOpened).toBe(2);
  });
});

describe("MtprotoConnection.close() (G4)", () => {
  test("leaves nothing that runs", async () => {
    await using rig = startMtprotoRig();
    const connection = await rig.connect();
    await connection.close();
    await connection.close();
    await rig.connections(0);
    expect(connection.isOpen).toBe(false);
    await expect(connection.ping(AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
  });

  test("shows that GramJS's loop goes on after disconnect()", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    await client.connect();
    await client.disconnect();
    // What its loop asks for on each round, and what tells that it was started.
    expect(client._destroyed).toBe(false);
    expect(client).toHaveProperty("_loopStarted", true);
  });
});

describe("MtprotoConnection.open() (G6)", () => {
  test("throws when nobody listens", async () => {
    await using rig = startMtprotoRig();
    await rig.server.stop();
    await expect(rig.connect()).rejects.toMatchObject({ code: "SOCKET_CONNECT_FAILED", category: "NETWORK" });
  });

  test("shows that GramJS by itself answers false", async () => {
    await using rig = startMtprotoRig();
    await rig.server.stop();
    const client = rig.rawClient();
    expect(await client.connect()).toBe(false);
  });
});
