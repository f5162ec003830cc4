import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { SessionCleanup } from "../../runtime/app/session-cleanup.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { silent } from "../telegram/support/mtproto-rig.ts";

// A machine that is busy takes its time.
setDefaultTimeout(60_000);

const dayMs = 86_400_000;

/** A cleanup whose clock a test sets, over an installation with a session of long ago. */
async function openUnused() {
  await using made = new AsyncDisposableStack();
  const installation = made.use(await createInstallation());
  await installation.logIn();
  {
    using connection = new Database(installation.databasePath);
    connection.run("UPDATE sessions SET last_used_at_ms = 0");
  }
  const time = { nowMs: Date.now() };
  const clock = { ...systemClock, now: () => time.nowMs };
  const { app } = made.use(await installation.open({ clock }));
  const logger = silent;
  /** As after a restart of the program. */
  const anew = () => new SessionCleanup({ sessions: app.sessions, clock, logger });
  const owned = made.move();
  return {
    installation,
    app,
    time,
    anew,
    cleanup: anew(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe("SessionCleanup.prune()", () => {
  test("ends a session at Telegram and here, a day after it has said so", async () => {
    await using it = await openUnused();
    await it.cleanup.prune();
    it.time.nowMs += dayMs - 1;
    await it.cleanup.prune();
    expect(await it.app.sessions.list()).toHaveLength(1);
    it.time.nowMs += 1;
    await it.cleanup.prune();
    expect(await it.app.sessions.list()).toEqual([]);
    expect(it.installation.emulator.world.sessions(it.installation.owner.id)).toEqual([]);
  });

  test("leaves a session alone that was taken up while another was ended", async () => {
    await using it = await openUnused();
    await it.cleanup.prune();
    it.time.nowMs += dayMs;
    const { sessions } = it.app;
    let looks = 0;
    const unused = async () => {
      looks += 1;
      return looks === 1 ? sessions.unused() : [];
    };
    const options = { clock: { now: () => it.time.nowMs }, logger: silent };
    await new SessionCleanup({ sessions: { ...sessions, unused }, ...options }).prune();
    expect(looks).toBe(2);
    expect(it.installation.emulator.world.sessions(it.installation.owner.id)).toHaveLength(1);
  });

  test("keeps to its notice over restarts", async () => {
    await using it = await openUnused();
    await it.cleanup.prune();
    const [noticed] = await it.app.sessions.list();
    expect(noticed?.endsFromMs).toBe(it.time.nowMs + dayMs);
    it.time.nowMs += dayMs - 1;
    await it.anew().prune();
    expect((await it.app.sessions.list())[0]?.endsFromMs).toBe(noticed?.endsFromMs ?? null);
    it.time.nowMs += 1;
    await it.anew().prune();
    expect(await it.app.sessions.list()).toEqual([]);
  });

  test("leaves one that was used after the notice", async () => {
    await using it = await openUnused();
    await it.cleanup.prune();
    await it.app.sessions.authorizations("me");
    using connection = new Database(it.installation.databasePath);
    connection.run("UPDATE sessions SET last_used_at_ms = ?", [Date.now()]);
    it.time.nowMs += dayMs;
    await it.cleanup.prune();
    expect(await it.app.sessions.list()).toMatchObject([{ endsFromMs: null }]);
    // Two weeks later the day begins anew.
    it.time.nowMs += 14 * dayMs;
    await it.cleanup.prune();
    expect(await it.app.sessions.list()).toMatchObject([{ endsFromMs: it.time.nowMs + dayMs }]);
  });

  test("keeps one that Telegram cannot be asked for", async () => {
    await using it = await openUnused();
    await it.cleanup.prune();
    it.time.nowMs += dayMs;
    it.installation.emulator.world.faults.rpcError({
      method: "auth.logOut",
      errorCode: 400,
      errorMessage: "NOT_NOW",
    });
    await it.cleanup.prune();
    expect(await it.app.sessions.list()).toHaveLength(1);
  });
});
