import { describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Storage } from "../../../runtime/storage/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

const name = "me" as const;
const password = "correct horse";

/** The account's only session as Telegram has it. */
function onlySession({ emulator, owner }: EmulatedAccount): string {
  const [session, ...others] = emulator.world.sessions(owner.id);
  expect(others).toEqual([]);
  return session?.authKeyId ?? "";
}

async function spares({ account, storage }: Pick<EmulatedAccount, "account" | "storage">): Promise<number> {
  return (await storage.spareKeys.load(account.name)).size;
}

describe("Account.rotate()", () => {
  test("gives a running account another key, and ends the session of before", async () => {
    await using it = await openEmulatedAccount();
    const before = onlySession(it);
    const online = nextState(it.account, "online");
    await it.account.rotate();
    await online;
    expect(onlySession(it)).not.toBe(before);
    expect(await it.account.authorizations()).toMatchObject([{ isCurrent: true }]);
    expect(it.emulator.connections()).toHaveLength(1);
    expect(await spares(it)).toBe(0);
    // A restart finds the new one.
    await it.account.stop();
    await it.again().start();
    expect(onlySession(it)).not.toBe(before);
  });
});
