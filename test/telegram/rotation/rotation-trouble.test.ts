import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHandClock } from "../../../runtime/scope/index.ts";
import { openBusyAccount } from "../support/busy-account.ts";
import type { EmulatedAccountOptions } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(60_000);

const password = "correct horse";

/** What a rotation asks of Telegram before it takes over, for an account with a password. */
const steps = [
  ["account.getPassword", 1],
  ["auth.exportLoginToken", 1],
  ["auth.acceptLoginToken", 1],
  ["auth.exportLoginToken", 2],
  ["account.getPassword", 2],
  ["auth.checkPassword", 1],
  ["updates.getState", 1],
] as const;
const acceptance = steps.findIndex(([method]) => method === "auth.acceptLoginToken");

/** An account with a password that its owner has left. */
async function openRotating(options: EmulatedAccountOptions = {}) {
  const it = await openBusyAccount({ password, ...options });
  await it.storage.accountPasswords.save(it.account.name, password);
  return {
    ...it,
    /** Runs at the n-th call of a method from now on. */
    at(method: string, nth: number, run: () => unknown) {
      let seen = 0;
      it.atEachCall((called) => {
        if (called === method) seen += 1;
        if (called === method && seen === nth) run();
      });
    },
    async expectOneSession(other: { readonly than?: readonly string[] } = {}) {
      expect(it.keys()).toHaveLength(1);
      if (other.than !== undefined) expect(it.keys()).not.toEqual([...other.than]);
      expect((await it.storage.spareKeys.load(it.account.name)).size).toBe(0);
      await it.telegram.send("me", "works");
      expect(await it.receivedAll()).toEqual([...it.written]);
    },
  };
}

describe("a rotation", () => {
  test.each([...steps, ["auth.logOut", 1] as const])(
    "in which the account is stopped at %s, the %dth, leaves one session that works",
    async (method, nth) => {
      await using it = await openRotating();
      const stopped = Promise.withResolvers<void>();
      it.at(method, nth, () => it.account.stop().then(stopped.resolve, stopped.reject));
      await Promise.allSettled([it.account.rotate()]);
      await stopped.promise;
      it.atEachCall(() => undefined);
      await it.account.start();
      // Whatever was left is ended before the next.
      await it.account.rotate();
      await it.expectOneSession();
    },
  );

  test.each(steps.slice(0, acceptance + 1))(
    "whose session is ended from elsewhere at %s, the %dth, logs nobody in",
    async (method, nth) => {
      await using it = await openRotating();
      const [before = ""] = it.keys();
      const loggedOut = nextState(it.account, "logged-out");
      it.at(method, nth, () => it.emulator.world.revokeSession(before));
      await expect(it.account.rotate()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
      await loggedOut;
      expect(it.keys()).toEqual([]);
      expect((await it.storage.spareKeys.load(it.account.name)).size).toBe(0);
    },
  );

  test.each(steps.slice(acceptance + 1))(
    "whose session is ended from elsewhere at %s, the %dth, goes over to the one that it accepted",
    async (method, nth) => {
      await using it = await openRotating();
      const before = it.keys();
      it.at(method, nth, () => it.emulator.world.revokeSession(before[0] ?? ""));
      await it.account.rotate();
      await it.expectOneSession({ than: before });
    },
  );

  test("leaves no session when its own is found to be ended before it takes over", async () => {
    await using it = await openRotating();
    const loggedOut = nextState(it.account, "logged-out");
    it.at("account.getPassword", 2, () => {
      it.emulator.world.revokeSession(it.keys()[0] ?? "");
      it.telegram.me().catch(() => undefined);
    });
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "HANDOVER_FAILED" });
    await loggedOut;
    expect(it.keys()).toEqual([]);
    expect((await it.storage.spareKeys.load(it.account.name)).size).toBe(0);
  });

  test("goes over when its own is found to be ended while it does, and finds every answer", async () => {
    await using it = await openRotating();
    const before = it.keys();
    const calls: Promise<unknown>[] = [];
    it.at("updates.getState", 1, () => {
      it.emulator.world.revokeSession(before[0] ?? "");
      calls.push(it.telegram.me(), it.telegram.send("me", "hello"));
    });
    await it.account.rotate();
    expect(await Promise.all(calls)).toMatchObject([{ id: it.owner.id }, {}]);
    await it.expectOneSession({ than: before });
    expect(await it.storage.sessions.list()).toMatchObject([{ state: "active" }]);
  });

  test.each(steps.slice(1))(
    "whose account moves at %s, the %dth, leaves it where it lives",
    async (method, nth) => {
      await using it = await openRotating();
      it.at(method, nth, () => it.emulator.world.moveUser(it.owner.id, 2));
      await expect(it.account.rotate()).rejects.toMatchObject({
        code: "HANDOVER_FAILED",
        message: "Cannot go over to the next session: the account has left data centre 1",
      });
      it.atEachCall(() => undefined);
      await it.telegram.me();
      await it.account.rotate();
      await it.expectOneSession();
    },
  );

  test("follows an account that has moved when it begins", async () => {
    await using it = await openRotating();
    const before = it.keys();
    it.emulator.world.moveUser(it.owner.id, 2);
    await it.account.rotate();
    await it.expectOneSession({ than: before });
  });

  test.each(steps)("that is told to wait at %s, the %dth, keeps the session", async (method, nth) => {
    await using it = await openRotating();
    const before = it.keys();
    it.emulator.world.faults.floodWait({ method, after: nth - 1, seconds: 900 });
    await expect(it.account.rotate()).rejects.toMatchObject({ category: "FLOOD_WAIT" });
    expect(it.keys()).toEqual(before);
    await it.expectOneSession();
  });

  test("of an account that is frozen keeps the session, and the freeze", async () => {
    await using it = await openRotating();
    const before = it.keys();
    it.emulator.world.faults.rpcError({
      method: "auth.acceptLoginToken",
      errorCode: 420,
      errorMessage: "FROZEN_METHOD_INVALID",
    });
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "FROZEN_METHOD_INVALID" });
    expect(it.account.state.state).toBe("frozen");
    expect(it.keys()).toEqual(before);
    expect((await it.storage.spareKeys.load(it.account.name)).size).toBe(0);
    expect(await it.receivedAll()).toEqual([...it.written]);
  });

  test("asks for another login token when the first is too old, once", async () => {
    await using it = await openRotating();
    const before = it.keys();
    const tooOld = { method: "auth.acceptLoginToken", errorCode: 400, errorMessage: "AUTH_TOKEN_EXPIRED" };
    it.emulator.world.faults.rpcError({ ...tooOld, times: 2 });
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "AUTH_TOKEN_EXPIRED" });
    await it.expectOneSession();
    expect(it.keys()).toEqual(before);
    it.emulator.world.faults.rpcError(tooOld);
    await it.account.rotate();
    await it.expectOneSession({ than: before });
  });

  test("takes the password that is stored when it is asked for it", async () => {
    await using it = await openRotating();
    const { accountPasswords } = it.storage;
    const before = it.keys();
    await accountPasswords.save(it.account.name, "former horse");
    it.at("auth.acceptLoginToken", 1, () => accountPasswords.save(it.account.name, password));
    await it.account.rotate();
    await it.expectOneSession({ than: before });
    const after = it.keys();
    it.at("auth.acceptLoginToken", 1, () => accountPasswords.delete(it.account.name));
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "ROTATION_NEEDS_PASSWORD" });
    expect(it.keys()).toEqual(after);
    await it.expectOneSession();
  });

  test("of an account that is offline says so before its time is up", async () => {
    const clock = createHandClock(Date.now());
    await using it = await openRotating({ clock });
    const offline = nextState(it.account, "offline");
    it.emulator.halt();
    await offline;
    const rotated = it.account.rotate();
    rotated.catch(() => undefined);
    await clock.advance(20_000);
    await expect(rotated).rejects.toMatchObject({ code: "ACCOUNT_OFFLINE" });
  });

  test("that gets no answer ends in its time, and keeps the session", async () => {
    const clock = createHandClock(Date.now());
    await using it = await openRotating({ clock });
    const before = it.keys();
    const silent = Promise.withResolvers<void>();
    it.at("auth.acceptLoginToken", 1, () => {
      it.emulator.world.faults.silenceConnections(it.owner.id);
      silent.resolve();
    });
    const rotated = it.account.rotate();
    rotated.catch(() => undefined);
    await silent.promise;
    await clock.advance(40_000);
    await expect(rotated).rejects.toMatchObject({ code: "ROTATION_TIMEOUT", retryable: true });
    expect(it.keys()).toEqual(before);
    expect((await it.storage.spareKeys.load(it.account.name)).size).toBe(0);
  });

  describe("whose change is being written", () => {
    /** Stands still where the keys trade places. */
    async function openWriting(options: EmulatedAccountOptions = {}) {
      const it = await openRotating(options);
      const before = it.keys();
      const writing = Promise.withResolvers<void>();
      const mayWrite = Promise.withResolvers<void>();
      const { sessions } = it.storage;
      const { succeed } = sessions;
      Object.assign(sessions, {
        succeed: async (...rest: Parameters<typeof succeed>) => {
          writing.resolve();
          await mayWrite.promise;
          await succeed(...rest);
        },
      });
      const rotated = it.account.rotate();
      await writing.promise;
      return { ...it, before, rotated, mayWrite };
    }

    test("when the account is stopped has taken place, and the former session is ended at the next start", async () => {
      await using it = await openWriting();
      const stopped = it.account.stop();
      it.mayWrite.resolve();
      await it.rotated;
      await stopped;
      expect(it.keys()).toHaveLength(2);
      const ended = Promise.withResolvers<void>();
      it.atEachCall((method) => void (method === "auth.logOut" && ended.resolve()));
      await it.account.start();
      await ended.promise;
      await it.account.rotate();
      await it.expectOneSession({ than: it.before });
    });

    test("when its time is up has taken place", async () => {
      const clock = createHandClock(Date.now());
      await using it = await openWriting({ clock });
      const { reconnects } = it.account.health();
      await clock.advance(40_000);
      it.mayWrite.resolve();
      await it.rotated;
      await it.expectOneSession({ than: it.before });
      expect(it.account.health().reconnects).toBe(reconnects + 1);
    });
  });
});
