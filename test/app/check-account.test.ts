import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { checkAccount } from "../../runtime/app/check-account.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { createAccountPool } from "../../runtime/telegram/index.ts";
import { openEmulatedAccount } from "../telegram/support/emulated-account.ts";
import { silent } from "../telegram/support/mtproto-rig.ts";
import { nextState } from "../telegram/support/next-state.ts";

setDefaultTimeout(30_000);

async function openPool() {
  await using made = new AsyncDisposableStack();
  const it = made.use(await openEmulatedAccount({ dataCentres: 1 }));
  const pool = made.use(createAccountPool({ clock: systemClock, logger: silent }));
  pool.add(it.account);
  const owned = made.move();
  return { ...it, pool, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("checkAccount()", () => {
  test("finds an account fit that answers, with its latency", async () => {
    await using it = await openPool();
    const fit = { account: "me", isFit: true, latencyMs: expect.any(Number), error: null };
    expect(await checkAccount(it.pool, "me")).toEqual(fit);
  });

  test("says why one is not fit", async () => {
    await using it = await openPool();
    const offline = nextState(it.account, "offline");
    const { faults } = it.emulator.world;
    faults.dropOnCall({ userId: it.owner.id, method: "*", times: 10_000 });
    faults.dropConnections(it.owner.id);
    await offline;
    expect(await checkAccount(it.pool, "me")).toMatchObject({
      isFit: false,
      latencyMs: null,
      error: { code: "ACCOUNT_OFFLINE", category: "NETWORK" },
    });
  });

  test("finds one unfit whose session is over, which its connection does not tell", async () => {
    await using it = await openPool();
    const over = nextState(it.account, "logged-out");
    const { world } = it.emulator;
    for (const { authKeyId } of world.sessions(it.owner.id)) world.revokeSession(authKeyId);
    await it.account.ping();
    expect(await checkAccount(it.pool, "me")).toMatchObject({
      isFit: false,
      latencyMs: null,
      error: { code: "SESSION_REVOKED", category: "AUTH" },
    });
    await over;
  });

  test("finds one unfit that Telegram wants to wait", async () => {
    await using it = await openPool();
    it.emulator.world.faults.rpcError({
      method: "updates.getState",
      errorCode: 420,
      errorMessage: "FLOOD_WAIT_30",
    });
    expect(await checkAccount(it.pool, "me")).toMatchObject({
      isFit: false,
      error: { code: "FLOOD_WAIT", category: "FLOOD_WAIT" },
    });
  });

  test("says so of one that cannot be looked at", async () => {
    const acquire = () => Promise.reject(new DOMException("The operation timed out", "TimeoutError"));
    expect(await checkAccount({ acquire }, "me")).toMatchObject({
      isFit: false,
      error: { code: "ACCOUNT_UNCHECKED" },
    });
  });

  test("refuses a name that there is no account of", async () => {
    await using it = await openPool();
    await expect(checkAccount(it.pool, "nobody")).rejects.toMatchObject({ category: "NOT_FOUND" });
  });
});
