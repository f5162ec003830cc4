import { describe, expect, test } from "bun:test";
import { type Emulator, type NewUser, startEmulator } from "../../../runtime/emulator/index.ts";
import type { LoginPrompts } from "../../../runtime/telegram/index.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

const phone = "+15550000001";

/** An account of a person in the emulator, and the prompts with which that person logs in. */
async function startPerson(emulator: Emulator, details: Partial<NewUser> = {}) {
  const person = emulator.world.createUser({ firstName: "Ada", phone, ...details });
  const storage = await memoryStorage();
  const { account, events, event } = recordAccount(emulator.server, storage);
  const prompts: LoginPrompts = {
    phone: async () => phone,
    code: async () => emulator.world.loginCode(phone) ?? "",
    password: async () => details.password ?? "",
  };
  return {
    person,
    account,
    events,
    event,
    prompts,
    [Symbol.asyncDispose]: async () => {
      await account.stop();
      await storage.close();
    },
  };
}

describe("Account on the emulator", () => {
  test("logs in with phone, code, and the password of two-step verification, in its own data centre", async () => {
    await using emulator = await startEmulator();
    await using it = await startPerson(emulator, { password: "correct horse", homeDataCentreId: 2 });
    expect(await it.account.login(it.prompts)).toMatchObject({ id: it.person.id, firstName: "Ada" });
    await it.account.start();
    expect(await it.event("account.connected")).toMatchObject({ dataCentreId: 2, reconnected: false });
    expect(it.account.state).toMatchObject({ state: "online", dataCentreId: 2 });
  });

  test("asks again for a wrong password, and gives up after five", async () => {
    await using emulator = await startEmulator();
    await using it = await startPerson(emulator, { password: "correct horse" });
    const attempts: number[] = [];
    const wrong: LoginPrompts = {
      ...it.prompts,
      password: async ({ attempt }) => {
        attempts.push(attempt);
        return "battery staple";
      },
    };
    await expect(it.account.login(wrong)).rejects.toMatchObject({
      code: "PASSWORD_HASH_INVALID",
      category: "AUTH",
    });
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
  }, 20_000);

  test("brings every message once and in order", async () => {
    await using emulator = await startEmulator();
    await using it = await startPerson(emulator);
    const bob = emulator.world.createUser({ firstName: "Bob" });
    await it.account.login(it.prompts);
    await it.account.start();
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    for (const text of texts) emulator.world.sendMessage({ fromId: bob.id, chatId: it.person.id, text });
    await it.event("message.received", ({ text }) => text === texts.at(-1));
    const received = it.events.filter((event) => event.type === "message.received");
    expect(received.map(({ text }) => text)).toEqual(texts);
    expect(it.account.stats().lost).toBe(0);
  });

  test("sends again after the time that Telegram named", async () => {
    await using emulator = await startEmulator();
    await using it = await startPerson(emulator);
    const bob = emulator.world.createUser({ firstName: "Bob", username: "bobby" });
    await it.account.login(it.prompts);
    await it.account.start();
    emulator.world.faults.floodWait({ method: "messages.sendMessage", seconds: 1 });
    await it.account.telegram.send("@bobby", "hello");
    expect(emulator.world.messages(bob.id, it.person.id)).toMatchObject([{ text: "hello" }]);
  });

  test("learns that its session was ended from another device", async () => {
    await using emulator = await startEmulator();
    await using it = await startPerson(emulator);
    await it.account.login(it.prompts);
    await it.account.start();
    const over = new Promise<void>((resolve) => {
      it.account.onState(({ state }) => state === "logged-out" && resolve());
    });
    for (const { authKeyId } of emulator.world.sessions(it.person.id)) {
      emulator.world.revokeSession(authKeyId);
    }
    await it.account.telegram.me().catch(() => undefined);
    await over;
    expect(it.account.state).toMatchObject({ state: "logged-out", error: { category: "AUTH" } });
  });
});
