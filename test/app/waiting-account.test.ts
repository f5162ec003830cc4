import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseAccountName } from "../../runtime/contract/index.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { LeaseKeeper, openStorage } from "../../runtime/storage/index.ts";
import { createInstallation, logInOwner } from "../e2e/installation.ts";
import { newVault } from "../storage/fixture.ts";
import { silent } from "../telegram/support/mtproto-rig.ts";
import { nextState } from "../telegram/support/next-state.ts";

setDefaultTimeout(30_000);

const [me, two] = [parseAccountName("me"), parseAccountName("two")];

/** Two accounts that are logged in, and another program that has the session of the second. */
async function openBeside() {
  await using made = new AsyncDisposableStack();
  const admin = { port: 0, tokenFile: "token" };
  const installation = made.use(await createInstallation({ accounts: { me: {}, two: {} }, admin }));
  const { app } = made.use(await installation.open());
  const { world } = installation.emulator;
  await logInOwner(app, installation.emulator);
  const phone = "+9996610002";
  world.createUser({ firstName: "Twyla", phone });
  await app.login("two", {
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
  const path = installation.databasePath;
  const { sessionLeases: leases } = made.use(await openStorage({ path, vault: newVault(), now: Date.now }));
  const keeper = new LeaseKeeper({ leases, clock: systemClock, logger: silent });
  const hold = await keeper.take(two, { signal: new AbortController().signal });
  made.defer(() => hold.release());
  const owned = made.move();
  return { app, hold, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("App.start() beside a program that has one of the sessions", () => {
  test("runs the other account at once, and the one that waits when its session is given back", async () => {
    await using it = await openBeside();
    const [first, second] = [it.app.accounts.get(me), it.app.accounts.get(two)];
    if (first === undefined || second === undefined) throw new Error("Two accounts are configured");
    const waiting = nextState(second, "waiting");
    await it.app.start();
    expect(first.state.state).toMatch(/catching-up|online/);
    expect(await waiting).toMatchObject({ error: { code: "LEASE_HELD" } });
    const { url = "", token = "" } = it.app.admin ?? {};
    const answer = await fetch(`${url}/api/accounts`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.text()).toMatch(/"name":"two","state":"waiting".*LEASE_HELD/);
    const online = nextState(second, "online");
    await it.hold.release();
    await online;
  });

  test("stops in order while it waits", async () => {
    await using it = await openBeside();
    const second = it.app.accounts.get(two);
    if (second === undefined) throw new Error("Two accounts are configured");
    const waiting = nextState(second, "waiting");
    await it.app.start();
    await waiting;
    await it.app.stop();
    expect(second.state.state).toBe("stopped");
  });
});
