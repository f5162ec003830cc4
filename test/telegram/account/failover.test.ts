import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";
import type { ServerOptions } from "../../../runtime/telegram/index.ts";
import { freePort } from "../../support/free-port.ts";
import { nextState } from "../support/next-state.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

// Several keys are agreed on, which takes its time on a busy machine.
setDefaultTimeout(30_000);

/** The account of a person of the emulator, logged in by the addresses that a test gives. */
async function loggedIn(emulator: Emulator, dataCentres: ServerOptions["dataCentres"], homeDataCentreId = 1) {
  const phone = "+15550000001";
  const person = emulator.world.createUser({ firstName: "Ada", phone, homeDataCentreId });
  const storage = await memoryStorage();
  const recorded = recordAccount({ ...emulator.server, dataCentres }, storage);
  await recorded.account.login({
    phone: async () => phone,
    code: async () => emulator.world.loginCode(phone) ?? "",
    password: async () => "",
  });
  // As after a restart: it knows the session, and of the server what the configuration says.
  const account = recorded.again();
  return {
    ...{ person, account },
    event: recorded.event,
    [Symbol.asyncDispose]: async () => {
      await account.stop();
      await storage.close();
    },
  };
}

const portsOf = (emulator: Emulator, id: number) =>
  emulator.server.dataCentres.filter((each) => each.id === id).map(({ port }) => port);

describe("an account whose data centre has several addresses", () => {
  test("logs in and starts by the second one where nobody listens at the first", async () => {
    await using emulator = await startEmulator();
    const dead = { id: 1, host: "127.0.0.1", port: await freePort() };
    await using it = await loggedIn(emulator, [dead, ...emulator.server.dataCentres]);
    const online = nextState(it.account, "online");
    await it.account.start();
    expect(it.account.health()).toMatchObject({
      lastError: { code: "SOCKET_CONNECT_FAILED", message: expect.stringContaining(`:${dead.port}`) },
    });
    await online;
    expect(await it.account.telegram.me()).toMatchObject({ id: it.person.id });
  });

  test("goes on by the other one when its own turns it away, and loses nothing", async () => {
    await using emulator = await startEmulator({ addresses: 2 });
    await using it = await loggedIn(emulator, emulator.server.dataCentres);
    const bob = emulator.world.createUser({ firstName: "Bob" });
    const online = nextState(it.account, "online");
    await it.account.start();
    await online;
    const [first = 0, second] = portsOf(emulator, 1);
    expect(emulator.connections()).toMatchObject([{ port: first }]);
    const [offline, back] = [nextState(it.account, "offline"), nextState(it.account, "online")];
    emulator.world.faults.refuseConnections(-429, 1000, first);
    emulator.world.faults.dropConnections();
    emulator.world.sendMessage({ fromId: bob.id, chatId: it.person.id, text: "meanwhile" });
    expect(await offline).toMatchObject({ error: { category: "NETWORK", retryable: true } });
    await back;
    await it.event("message.received", ({ text }) => text === "meanwhile");
    expect(emulator.connections()).toMatchObject([{ port: second }]);
  });

  test("finds the home that the configuration does not list where the server says", async () => {
    await using emulator = await startEmulator();
    const listed = emulator.server.dataCentres.filter(({ id }) => id === 1);
    await using it = await loggedIn(emulator, listed, 2);
    const online = nextState(it.account, "online");
    await it.account.start();
    expect(await online).toMatchObject({ dataCentreId: 2 });
  });
});
