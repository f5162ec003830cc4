import { expect, setDefaultTimeout, test } from "bun:test";
import { parseChatId, parseUserId } from "../../../runtime/contract/index.ts";
import type { Account } from "../../../runtime/telegram/index.ts";
import { type EmulatedAccount, openEmulatedAccount } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

/** Asks for a name that nobody has, and says how often Telegram was asked for a name since the beginning. */
async function askedFor(account: Account, it: EmulatedAccount): Promise<number> {
  await expect(account.telegram.resolve("@nobody_yet")).rejects.toMatchObject({ code: "PEER_NOT_FOUND" });
  return it.emulator.stats().rpcCalls["contacts.resolveUsername"] ?? 0;
}

test("what was looked up is known for a while, and asked for anew after the account was moved", async () => {
  await using it = await openEmulatedAccount();
  expect(await askedFor(it.account, it)).toBe(1);
  expect(await askedFor(it.account, it)).toBe(1);
  const moved = nextState(it.account, "offline").then(() => nextState(it.account, "online"));
  it.emulator.world.moveUser(it.owner.id, 2);
  await it.telegram.me();
  await moved;
  expect(await askedFor(it.account, it)).toBe(2);
});

test("what was looked up is asked for anew after a repair", async () => {
  await using it = await openEmulatedAccount({ dataCentres: 1 });
  expect(await askedFor(it.account, it)).toBe(1);
  await it.account.stop();
  await it.account.repair();
  const online = nextState(it.account, "online");
  await it.account.start();
  await online;
  expect(await askedFor(it.account, it)).toBe(2);
});

test("nothing that one person has met is used after the login of another", async () => {
  await using it = await openEmulatedAccount({ dataCentres: 1 });
  const { account, emulator, owner } = it;
  const { world } = emulator;
  const bob = world.createUser({ firstName: "Bob", username: "bobby" });
  expect(await account.telegram.resolve("@bobby")).toMatchObject({ user: { id: bob.id } });
  const over = nextState(account, "logged-out");
  for (const { authKeyId } of world.sessions(owner.id)) world.revokeSession(authKeyId);
  await account.telegram.dialogs().catch(() => undefined);
  await over;
  const phone = "+15550009";
  const other = world.createUser({ firstName: "Other", phone });
  await account.login({
    phone: async () => phone,
    code: async () => world.loginCode(phone) ?? "",
    password: async () => "",
  });
  const online = nextState(account, "online");
  await account.start();
  await online;
  expect(account.ref.userId).toBe(parseUserId(other.id));
  await expect(account.telegram.send(parseChatId(bob.id), "hello")).rejects.toMatchObject({
    code: "PEER_NOT_FOUND",
  });
  expect(await account.telegram.resolve("@bobby")).toMatchObject({ user: { id: bob.id } });
  expect(emulator.stats().rpcCalls["contacts.resolveUsername"]).toBe(2);
});
