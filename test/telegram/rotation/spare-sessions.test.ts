import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type BusyAccount, openBusyAccount } from "../support/busy-account.ts";
import { recordAccount } from "../support/recorded-account.ts";
import { memoryStorage } from "../support/storage.ts";

setDefaultTimeout(60_000);

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const spares = ({ account, storage }: BusyAccount) => storage.spareKeys.load(account.name);

/** Nobody comes through to data centre 2, whose key is among those that a rotation left. */
async function strand(it: BusyAccount): Promise<void> {
  const { account, emulator, storage } = it;
  const port = emulator.server.dataCentres.find(({ id }) => id === 2)?.port;
  emulator.world.faults.refuseConnections(-429, 1000, port);
  await storage.spareKeys.replace(account.name, new Map([...(await spares(it)), [2, random(256)]]));
}

/** A second session of the owner, of the same application. */
async function logInElsewhere({ emulator, owner }: BusyAccount, phone: string): Promise<string> {
  const known = new Set(emulator.world.sessions(owner.id).map(({ authKeyId }) => authKeyId));
  await using storage = await memoryStorage();
  const { account } = recordAccount(emulator.server, storage);
  await account.login({
    phone: async () => phone,
    code: async () => emulator.world.loginCode(phone) ?? "",
    password: async () => "",
  });
  const added = emulator.world.sessions(owner.id).find(({ authKeyId }) => !known.has(authKeyId));
  return added?.authKeyId ?? "";
}

describe("a session that a rotation left where it cannot be ended", () => {
  test("holds up no rotation when Telegram lists none beside the account's own", async () => {
    await using it = await openBusyAccount();
    const before = it.keys();
    await strand(it);
    await it.account.rotate();
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual(before);
    expect((await spares(it)).size).toBe(0);
  });

  test("is ended by its other key, whatever becomes of that one", async () => {
    await using it = await openBusyAccount();
    it.emulator.world.faults.rpcError({ method: "auth.logOut", errorCode: 400, errorMessage: "NOT_NOW" });
    await it.account.rotate();
    expect(it.keys()).toHaveLength(2);
    await strand(it);
    await it.account.rotate();
    expect(it.keys()).toHaveLength(1);
    expect((await spares(it)).size).toBe(0);
  });

  test("has a rotation refused while Telegram lists one that may be it, until its owner has ended that", async () => {
    await using it = await openBusyAccount();
    const before = it.keys();
    const another = await logInElsewhere(it, "+15550001");
    await strand(it);
    const accepted: string[] = [];
    it.atEachCall((method) => void (method === "auth.acceptLoginToken" && accepted.push(method)));
    await expect(it.account.rotate()).rejects.toMatchObject({
      code: "ROTATION_SPARE_LEFT",
      retryable: true,
      message: expect.stringMatching(/^Cannot renew the session of "me" .*: [A-Z_]+, .*Settings, Devices$/),
    });
    expect(accepted).toEqual([]);
    expect([...(await spares(it)).keys()]).toEqual([2]);
    expect(it.keys()).toEqual([...before, another]);

    it.emulator.world.revokeSession(another);
    await it.account.rotate();
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual(before);
    expect((await spares(it)).size).toBe(0);
  });

  test("stays on record while Telegram cannot be asked for the list", async () => {
    await using it = await openBusyAccount();
    await strand(it);
    const method = "account.getAuthorizations";
    it.emulator.world.faults.rpcError({ method, errorCode: 400, errorMessage: "NOT_NOW" });
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "ROTATION_SPARE_LEFT" });
    expect([...(await spares(it)).keys()]).toEqual([2]);
  });

  test("stays on record when the answer says nothing of it", async () => {
    await using it = await openBusyAccount();
    it.emulator.world.faults.rpcError({
      method: "auth.logOut",
      times: 3,
      errorCode: 400,
      errorMessage: "API_ID_INVALID",
    });
    await it.account.rotate();
    expect((await spares(it)).size).toBe(1);
    await expect(it.account.rotate()).rejects.toMatchObject({ code: "ROTATION_SPARE_LEFT" });
    expect((await spares(it)).size).toBe(1);
    expect(it.keys()).toHaveLength(2);
  });
});

test("a session that a rotation left is ended too when its account finds its own ended from elsewhere", async () => {
  await using it = await openBusyAccount();
  it.emulator.world.faults.rpcError({ method: "auth.logOut", errorCode: 400, errorMessage: "NOT_NOW" });
  await it.account.rotate();
  await it.account.stop();
  const [former = "", own = ""] = it.keys();
  it.emulator.world.revokeSession(own);
  const ended = Promise.withResolvers<void>();
  it.atEachCall((method) => void (method === "auth.logOut" && ended.resolve()));
  expect(it.keys()).toEqual([former]);
  await expect(it.account.start()).rejects.toMatchObject({ code: "SESSION_REVOKED" });
  await ended.promise;
  while ((await spares(it)).size > 0) await Bun.sleep(5);
  expect(it.keys()).toEqual([]);
});
