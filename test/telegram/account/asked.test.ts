import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Account } from "../../../runtime/telegram/index.ts";
import {
  type EmulatedAccount,
  type EmulatedAccountOptions,
  openEmulatedAccount,
} from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

const questions: readonly (readonly [string, (account: Account) => Promise<unknown>])[] = [
  ["repair", (account) => account.repair()],
  ["authorizations", (account) => account.authorizations()],
  ["rotate", (account) => account.rotate()],
];

/** An account that is stopped, and whose session Telegram has ended since. */
async function openEnded(options?: EmulatedAccountOptions): Promise<EmulatedAccount> {
  const it = await openEmulatedAccount(options);
  await it.account.stop();
  for (const { authKeyId } of it.emulator.world.sessions(it.owner.id)) {
    it.emulator.world.revokeSession(authKeyId);
  }
  return it;
}

describe("an account that is not started", () => {
  test.each(questions)("learns by %s that its session is over, and takes a login then", async (_, ask) => {
    await using it = await openEnded();
    await expect(ask(it.account)).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    expect(await it.storage.sessions.load(it.account.name)).toMatchObject({ state: "logged-out" });
    expect(it.account.state).toMatchObject({ state: "logged-out", error: { code: "SESSION_REVOKED" } });
    expect(await it.event("account.loggedOut")).toMatchObject({ error: { code: "SESSION_REVOKED" } });
    await it.logIn();
    const online = nextState(it.account, "online");
    await it.account.start();
    await online;
  });

  test("tells of the end, and does not wait for that to be kept where it cannot", async () => {
    let isFull = false;
    await using it = await openEnded({
      keep: async ({ events, state, account }, { updateStates }) => {
        if (isFull) throw new Error("The disk is full");
        if (state !== null) await updateStates.apply(account, state);
        return events;
      },
    });
    isFull = true;
    const another = it.again();
    await expect(another.authorizations()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    await another.stop();
    expect(another.state.state).toBe("logged-out");
  });

  test("takes a key that the server does not know for the end, too", async () => {
    await using it = await openEmulatedAccount();
    await it.account.stop();
    it.emulator.world.faults.refuseConnections(-404);
    await expect(it.account.authorizations()).rejects.toMatchObject({ code: "AUTH_KEY_NOT_FOUND" });
    expect(await it.storage.sessions.load(it.account.name)).toMatchObject({ state: "logged-out" });
  });

  test("keeps its session when the next one of a rotation is refused", async () => {
    await using it = await openEmulatedAccount();
    await it.account.stop();
    it.emulator.world.faults.rpcError({
      ...{ method: "updates.getState", errorCode: 401, errorMessage: "SESSION_REVOKED" },
    });
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    expect(await it.storage.sessions.load(it.account.name)).toMatchObject({ state: "active" });
  });

  test("keeps its session when Telegram refuses the question for another reason", async () => {
    await using it = await openEmulatedAccount();
    await it.account.stop();
    it.emulator.world.faults.rpcError({
      ...{ method: "account.getAuthorizations", errorCode: 400, errorMessage: "SOMETHING_ODD" },
    });
    await expect(it.account.authorizations()).rejects.toMatchObject({ code: "SOMETHING_ODD" });
    expect(await it.storage.sessions.load(it.account.name)).toMatchObject({ state: "active" });
  });
});
