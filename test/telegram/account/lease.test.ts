import { describe, expect, test } from "bun:test";
import { parseAccountName, TelegraphistError } from "../../../runtime/contract/index.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { LeaseKeeper, type SessionHold, type Storage } from "../../../runtime/storage/index.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { silent } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";

const me = parseAccountName("me");
const { signal } = new AbortController();
const lost = new TelegraphistError({ code: "LEASE_LOST", category: "STORAGE", message: "Cannot go on" });

/** Takes the session as the program does. */
const keep = ({ sessionLeases: leases }: Storage): Promise<SessionHold> =>
  new LeaseKeeper({ leases, clock: systemClock, logger: silent }).take(me, { signal });

/** A session that another program takes when the test says so. */
function seizable() {
  const seized = new AbortController();
  const hold: SessionHold = {
    get isFresh() {
      return !seized.signal.aborted;
    },
    lost: seized.signal,
    ensure: async () => seized.signal.throwIfAborted(),
    release: async () => undefined,
  };
  return { hold, seize: () => seized.abort(lost) };
}

describe("an account and the lease of its session", () => {
  test("holds it while it runs, and gives it back at its end", async () => {
    await using it = await openEmulatedAccount({ takeSession: keep });
    const { sessionLeases } = it.storage;
    // The login before had it first.
    expect(await sessionLeases.list()).toMatchObject([{ subject: me, fence: 2 }]);
    await it.account.stop();
    expect(await sessionLeases.list()).toEqual([]);
    await it.storage.sessions.delete(me);
    await it.account.start().catch(() => undefined);
    expect(await sessionLeases.find(me)).toBeNull();
  });

  test("gives it back when Telegram has ended the session, for a login from elsewhere", async () => {
    let tellRelease = () => {};
    const takeSession = async (storage: Storage): Promise<SessionHold> => {
      const hold = await keep(storage);
      const release = () => hold.release().then(() => tellRelease());
      return { isFresh: true, lost: hold.lost, ensure: () => hold.ensure(), release };
    };
    await using it = await openEmulatedAccount({ takeSession });
    const released = new Promise<void>((resolve) => {
      tellRelease = resolve;
    });
    const [session] = it.emulator.world.sessions(it.owner.id);
    it.emulator.world.revokeSession(session?.authKeyId ?? "");
    await it.telegram.me().catch(() => undefined);
    await released;
    expect(it.account.state.state).toBe("logged-out");
    expect(await it.storage.sessionLeases.list()).toEqual([]);
  });

  test("stops with the reason when another program takes it, and connects no more", async () => {
    const { hold, seize } = seizable();
    await using it = await openEmulatedAccount({ takeSession: async () => hold });
    const { connectionsOpened } = it.emulator.stats();
    const stopped = nextState(it.account, "stopped");
    seize();
    expect(await stopped).toMatchObject({ error: { code: "LEASE_LOST" } });
    expect(it.account.health().lastError).toMatchObject({ code: "LEASE_LOST" });
    const refused = await it.account.start().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "LEASE_LOST" });
    expect(it.emulator.stats().connectionsOpened).toBe(connectionsOpened);
  });
});
