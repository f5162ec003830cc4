import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { refOf } from "../../../runtime/contract/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { type BusyAccount, openBusyAccount } from "../support/busy-account.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { nextState } from "../support/next-state.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const password = "correct horse";

async function spareKeys({ account, storage }: Pick<BusyAccount, "account" | "storage">) {
  return [...(await storage.spareKeys.load(account.name)).keys()];
}

describe("Account.rotate()", () => {
  test("gives a running account another key, ends the session of before, and loses nothing", async () => {
    await using it = await openBusyAccount();
    const before = it.keys();
    const online = nextState(it.account, "online");
    await it.account.rotate();
    await online;
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual(before);
    expect(await it.account.authorizations()).toMatchObject([{ isCurrent: true }]);
    expect(await spareKeys(it)).toEqual([]);
    expect(it.written.length).toBeGreaterThan(5);
    expect(await it.receivedAll()).toEqual([...it.written]);
  });

  test("leaves no call of that time without its answer", async () => {
    await using it = await openBusyAccount();
    const calls: Promise<unknown>[] = [];
    it.atEachCall((method) => {
      if (method.startsWith("auth.")) calls.push(it.telegram.send("me", `at ${method}`));
    });
    await it.account.rotate();
    expect(calls.length).toBeGreaterThan(3);
    await Promise.all(calls);
    const { messages } = await it.telegram.history("me", { limit: 100 });
    expect(messages).toHaveLength(calls.length);
  });

  test("breaks off no file that comes from another data centre meanwhile, nor the next one", async () => {
    await using it = await openBusyAccount();
    await using folder = await makeTemporaryFolder();
    const { world } = it.emulator;
    const bytes = crypto.getRandomValues(Buffer.alloc(60_000));
    const file = Buffer.concat(Array.from({ length: 300 }, () => bytes));
    const ann = world.createUser({ firstName: "Ann", phone: "+15550003" });
    const media = { kind: "document", bytes: file, fileName: "big.bin", dataCentreId: 2 } as const;
    world.sendMessage({ fromId: ann.id, chatId: it.owner.id, text: "file", media });
    const ref = refOf(await it.event("message.received", ({ text }) => text === "file"));
    let parts = 0;
    let rotated: Promise<void> | null = null;
    it.atEachCall((method) => {
      if (method === "upload.getFile") parts += 1;
      if (parts === 5) rotated ??= it.account.rotate();
    });
    const sha256 = new Bun.CryptoHasher("sha256").update(file).digest("hex");
    expect(await it.telegram.download(ref, folder.path("1"))).toMatchObject({ sha256 });
    expect(rotated).not.toBeNull();
    await rotated;
    expect(await it.telegram.download(ref, folder.path("2"))).toMatchObject({ sha256 });
  });

  test("makes one of two that are asked for at once", async () => {
    await using it = await openBusyAccount();
    const accepted: string[] = [];
    it.atEachCall((method) => void (method === "auth.acceptLoginToken" && accepted.push(method)));
    await Promise.all([it.account.rotate(), it.account.rotate()]);
    expect(accepted).toHaveLength(1);
  });

  test("is not disturbed by who ends sessions at the same time", async () => {
    await using it = await openBusyAccount();
    let ending: Promise<void> | null = null;
    it.atEachCall((method) => {
      if (method === "auth.acceptLoginToken") ending = it.account.logOut();
    });
    await it.account.rotate();
    expect(ending).not.toBeNull();
    await ending;
    expect(it.keys()).toEqual([]);
  });

  test("works for an account that is not started, whose next start goes on where it was", async () => {
    await using it = await openBusyAccount();
    await it.account.stop();
    const before = it.keys();
    await it.account.rotate();
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual(before);
    await it.account.start();
    expect(await it.receivedAll()).toEqual([...it.written]);
  });

  test("gives the password that the owner has left", async () => {
    await using it = await openBusyAccount({ password });
    const before = it.keys();
    await it.storage.accountPasswords.save(it.account.name, password);
    await it.account.rotate();
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual(before);
  });

  test("makes no session for an account whose password it does not have", async () => {
    await using it = await openBusyAccount({ password });
    const before = it.keys();
    const { connectionsOpened } = it.emulator.stats();
    const refused = {
      code: "ROTATION_NEEDS_PASSWORD",
      message: expect.stringContaining("sessions password"),
    };
    await expect(it.account.rotate()).rejects.toMatchObject(refused);
    expect(it.keys()).toEqual(before);
    expect(it.emulator.stats().connectionsOpened).toBe(connectionsOpened);
  });

  test("gives a password that is another by now once, and keeps the session", async () => {
    await using it = await openBusyAccount({ password });
    const before = it.keys();
    await it.storage.accountPasswords.save(it.account.name, "former horse");
    const checks: string[] = [];
    it.atEachCall((method) => void (method === "auth.checkPassword" && checks.push(method)));
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "ROTATION_PASSWORD_REFUSED" });
    expect(checks).toHaveLength(1);
    expect(it.keys()).toEqual(before);
    expect(await spareKeys(it)).toEqual([]);
    expect(await it.receivedAll()).toEqual([...it.written]);
  });

  test("says at once that there is no session when Telegram has ended it, and takes a login then", async () => {
    await using it = await openEmulatedAccount();
    const over = nextState(it.account, "logged-out");
    for (const { authKeyId } of it.emulator.world.sessions(it.owner.id)) {
      it.emulator.world.revokeSession(authKeyId);
    }
    await it.telegram.me().catch(() => undefined);
    await over;
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "ACCOUNT_NO_SESSION" });
    await expect(it.account.authorizations()).rejects.toMatchObject({ code: "ACCOUNT_NO_SESSION" });
    await it.logIn();
    const online = nextState(it.account, "online");
    await it.account.start();
    await online;
  });

  test("works for an account that only another configuration brings online", async () => {
    await using it = await openEmulatedAccount();
    const [before] = it.emulator.world.sessions(it.owner.id);
    const offline = nextState(it.account, "offline").then(() => nextState(it.account, "offline"));
    it.emulator.world.faults.rpcError({
      ...{ method: "updates.getState", errorCode: 400, errorMessage: "API_ID_INVALID" },
    });
    it.emulator.world.faults.dropConnections();
    expect(await offline).toMatchObject({ retryAtMs: null });
    await Promise.all([it.account.rotate(), it.account.rotate()]);
    const after = it.emulator.world.sessions(it.owner.id);
    expect(after).toHaveLength(1);
    expect(after[0]?.authKeyId).not.toBe(before?.authKeyId);
  });

  const steps = [
    ["account.getPassword", 0],
    ["auth.exportLoginToken", 0],
    ["auth.acceptLoginToken", 0],
    ["auth.exportLoginToken", 1],
    ["updates.getState", 0],
    ["auth.logOut", 0],
  ] as const;

  test.each(steps)(
    "that is refused at %s, the %dth, leaves one session that works",
    async (method, after) => {
      await using it = await openBusyAccount();
      it.emulator.world.faults.rpcError({ method, after, errorCode: 400, errorMessage: "NOT_NOW" });
      const [outcome] = await Promise.allSettled([it.account.rotate()]);
      // What is left is only the former session's end, which waits for the next time.
      expect(outcome.status).toBe(method === "auth.logOut" ? "fulfilled" : "rejected");
      await it.account.rotate();
      expect(it.keys()).toHaveLength(1);
      expect(await spareKeys(it)).toEqual([]);
      expect(await it.receivedAll()).toEqual([...it.written]);
    },
  );

  test.each(steps)(
    "that is cut off at %s, the %dth, leaves one session that works",
    async (method, after) => {
      await using it = await openBusyAccount();
      it.emulator.world.faults.dropOnCall({ method, after });
      await Promise.allSettled([it.account.rotate()]);
      await it.account.rotate();
      expect(it.keys()).toHaveLength(1);
      expect(await spareKeys(it)).toEqual([]);
      expect(await it.receivedAll()).toEqual([...it.written]);
    },
  );

  test("whose change cannot be written keeps the session of before", async () => {
    await using it = await openBusyAccount();
    const before = it.keys();
    const { sessions } = it.storage;
    const succeed = sessions.succeed;
    Object.assign(sessions, { succeed: () => Promise.reject(new Error("disk full")) });
    await expect(it.account.rotate()).rejects.toThrow("disk full");
    Object.assign(sessions, { succeed });
    expect(it.keys()).toEqual(before);
    await it.telegram.send("me", "works");
    expect(await it.receivedAll()).toEqual([...it.written]);
  });
});

describe("the care for a session", () => {
  const makeOld = async (storage: Storage) => {
    for (const { account } of await storage.sessions.list()) {
      const record = await storage.sessions.load(account);
      if (record !== null) await storage.sessions.save({ ...record, createdAtMs: 0 });
    }
  };

  test("ends what a rotation before left", async () => {
    await using it = await openBusyAccount();
    it.emulator.world.faults.dropOnCall({ method: "auth.logOut", times: 2 });
    await it.account.rotate();
    expect(await spareKeys(it)).toHaveLength(1);
    await it.account.stop();
    expect(it.keys()).toHaveLength(2);
    it.emulator.world.faults.clear();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    it.atEachCall((method) => void (method === "auth.logOut" && resolve()));
    await it.account.start();
    await ended;
  });

  test("renews one that is older than its time", async () => {
    const rotated = Promise.withResolvers<void>();
    await using it = await openEmulatedAccount({
      rotateAfterMs: 86_400_000,
      meanwhile: makeOld,
      onCall: (method) => void (method === "auth.logOut" && rotated.resolve()),
    });
    await rotated.promise;
    const [summary] = await it.storage.sessions.list();
    expect(summary?.createdAtMs).toBeGreaterThan(0);
  });
});
