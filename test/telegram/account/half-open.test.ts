import { expect, test } from "bun:test";
import { createHandClock } from "../../../runtime/scope/index.ts";
import type { AccountState } from "../../../runtime/telegram/index.ts";
import { Supervisor } from "../../../runtime/telegram/supervisor.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

/** In which the end of a half-open connection has to be found. */
const patienceMs = 45_000;

test("Supervisor finds within 45 s that the other side has fallen silent, and comes back", async () => {
  await using rig = startMtprotoRig();
  const [dataCentre] = rig.server.dataCentres;
  if (dataCentre === undefined) return expect.unreachable();
  using proxy = startTcpProxy(dataCentre.port);
  const clock = createHandClock();
  const online = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const offline = Promise.withResolvers<AccountState>();
  let opened = 0;
  const supervisor = new Supervisor({
    open: (onBroken) => {
      opened += 1;
      // The way round the proxy is open again the second time.
      const { port } = opened === 1 ? proxy : dataCentre;
      return rig.connect({ onBroken, dataCentre: { ...dataCentre, port } });
    },
    verify: async () => undefined,
    move: async () => undefined,
    frozen: () => null,
    catchUp: async () => undefined,
    onState: (state) => {
      if (state.state === "online") online[opened - 1]?.resolve();
      if (state.state === "offline" && opened === 1) offline.resolve(state);
    },
    clock,
    attributes: {},
    random: () => 0,
  });
  await supervisor.start(AbortSignal.timeout(10_000));
  await online[0]?.promise;
  proxy.freeze();
  await clock.advance(patienceMs);
  expect(await offline.promise).toMatchObject({ error: { code: "PING_TIMEOUT", retryable: true } });
  await clock.advance(1000);
  await online[1]?.promise;
  expect(supervisor.reconnects).toBe(1);
  await supervisor.stop();
});
