import { describe, expect, test } from "bun:test";
import { loggedOutCodes } from "../../../runtime/telegram/errors.ts";
import type { AccountState } from "../../../runtime/telegram/index.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

const ends = [
  ["AUTH_KEY_DUPLICATED", "used from two places at once"],
  ["USER_DEACTIVATED", "the account is deleted"],
  ["USER_DEACTIVATED_BAN", "banned the account"],
  ["SESSION_REVOKED", "ended from another device"],
  ["SESSION_EXPIRED", "the session has expired"],
  ["AUTH_KEY_INVALID", "logged out"],
  ["AUTH_KEY_UNREGISTERED", "logged out"],
] as const;

const errorOf = (state: AccountState) => ("error" in state ? state.error : null);

describe("Account on a server that fails", () => {
  test("comes back with its session when the server dies and returns", async () => {
    await using it = await openEmulatedAccount();
    const bob = it.emulator.world.createUser({ firstName: "Bob" });
    const [offline, online] = [nextState(it.account, "offline"), nextState(it.account, "online")];
    it.emulator.halt();
    expect(errorOf(await offline)).toMatchObject({ category: "NETWORK", retryable: true });
    it.emulator.resume();
    await online;
    it.emulator.world.sendMessage({ fromId: bob.id, chatId: it.owner.id, text: "are you back" });
    await it.event("message.received", ({ text }) => text === "are you back");
    expect(it.emulator.stats().rpcCalls["auth.sendCode"]).toBe(1);
    expect(it.emulator.world.sessions(it.owner.id)).toHaveLength(1);
  });

  for (const how of ["cut", "corrupt"] as const) {
    test(`opens another connection after a ${how} frame, and the call goes through`, async () => {
      await using it = await openEmulatedAccount();
      it.emulator.world.faults.breakFrame(how, it.owner.id);
      expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
      expect(it.account.health()).toMatchObject({ reconnects: 1, lastError: { code: "CONNECTION_LOST" } });
    });
  }

  test("tries again when the server wants no more connections", async () => {
    await using it = await openEmulatedAccount();
    const online = nextState(it.account, "online");
    it.emulator.world.faults.refuseConnections(-429, 2);
    it.emulator.world.faults.dropConnections();
    await online;
    expect(it.account.health().lastError).toMatchObject({ category: "NETWORK", retryable: true });
  });

  test("is logged out, and says what to do, when the server does not know its key", async () => {
    await using it = await openEmulatedAccount();
    const over = nextState(it.account, "logged-out");
    it.emulator.world.faults.refuseConnections(-404);
    it.emulator.world.faults.dropConnections();
    expect(errorOf(await over)).toMatchObject({
      code: "AUTH_KEY_NOT_FOUND",
      message: expect.stringContaining("log in again"),
    });
  });

  test("goes on when its salt has ended", async () => {
    await using it = await openEmulatedAccount();
    it.emulator.world.faults.replaceSalts(it.owner.id);
    expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
    expect(it.account.health().reconnects).toBe(0);
  });

  test("goes on when the server's clock is ten minutes ahead", async () => {
    await using it = await openEmulatedAccount();
    it.emulator.world.faults.skewClock(600_000);
    expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
  });

  for (const how of ["retry", "fail"] as const) {
    test(`agrees on a key at the second try when the first ends by dh_gen_${how}`, async () => {
      await using it = await openEmulatedAccount({
        prepare: ({ world }) => world.faults.refuseHandshakes(how),
      });
      expect(await it.telegram.me()).toMatchObject({ id: it.owner.id });
    });
  }
});

test("every code that ends a session has a test of its own", () => {
  // The key that nobody knows has one above.
  expect([...ends.map(([code]) => code), "AUTH_KEY_NOT_FOUND"].toSorted()).toEqual(loggedOutCodes.toSorted());
});

describe("the end of a session, as the account tells it", () => {
  for (const [code, hint] of ends) {
    test(`${code} stops it, keeps what it has, and says what to do`, async () => {
      await using it = await openEmulatedAccount();
      const over = nextState(it.account, "logged-out");
      it.emulator.world.faults.rpcError({
        method: "users.getUsers",
        errorCode: code === "AUTH_KEY_DUPLICATED" ? 406 : 401,
        errorMessage: code,
      });
      await expect(it.telegram.me()).rejects.toMatchObject({ code, retryable: false });
      expect(errorOf(await over)).toMatchObject({ code, message: expect.stringContaining(hint) });
      expect(await it.event("account.loggedOut")).toMatchObject({ error: { code } });
      await it.account.stop();
      expect(await it.storage.sessions.load(it.account.name)).toMatchObject({ state: "logged-out" });
      expect(it.emulator.stats().rpcCalls["auth.sendCode"]).toBe(1);
    });
  }
});
