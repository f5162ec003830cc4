import { describe, expect, test } from "bun:test";
import { type LoginRig, password, phone, startLoginRig } from "../support/login-rig.ts";

const fates = [
  { what: "answer", isCarriedOut: true },
  { what: "call", isCarriedOut: false },
];

/** Logs Ada in with the right answers, each given once, and counts her sessions. */
async function logInOnce(rig: LoginRig, isSecured: boolean): Promise<void> {
  const ada = rig.createAda({ homeDataCentreId: 2, ...(isSecured && { password }) });
  const asked: string[] = [];
  const user = await rig.account.login({
    phone: async () => phone,
    code: async () => {
      asked.push("code");
      return rig.emulator.world.loginCode(phone) ?? "";
    },
    password: async () => {
      asked.push("password");
      return password;
    },
  });
  expect(user).toMatchObject({ id: ada.id });
  expect(asked).toEqual(isSecured ? ["code", "password"] : ["code"]);
  expect(rig.emulator.world.sessions(ada.id)).toHaveLength(1);
}

describe.each(fates)("a login whose $what is lost", ({ isCarriedOut }) => {
  test.each([
    { method: "auth.signIn", isSecured: false },
    { method: "auth.signIn", isSecured: true },
    { method: "auth.checkPassword", isSecured: true },
  ])(
    "at $method goes on with the one session that it has (password: $isSecured)",
    async ({ method, isSecured }) => {
      await using rig = await startLoginRig();
      rig.emulator.world.faults.dropOnCall({ method, isCarriedOut });
      await logInOnce(rig, isSecured);
      await rig.account.start({ signal: AbortSignal.timeout(20_000) });
      expect(await rig.account.telegram.me()).toMatchObject({ firstName: "Ada" });
    },
  );

  test.each([false, true])("at auth.importLoginToken goes on (password: %p)", async (isSecured) => {
    await using rig = await startLoginRig();
    const ada = rig.createAda({ homeDataCentreId: 2, ...(isSecured && { password }) });
    rig.emulator.world.faults.dropOnCall({ method: "auth.importLoginToken", isCarriedOut });
    const user = await rig.account.login({
      showQr: ({ url }) => void rig.emulator.world.scanLoginCode(ada.id, url),
      password: async () => password,
    });
    expect(user).toMatchObject({ id: ada.id });
    expect(rig.emulator.world.sessions(ada.id)).toMatchObject([{ dataCentreId: 2 }]);
  });
});

test("a wrong password whose answer is lost is no right one", async () => {
  await using rig = await startLoginRig();
  rig.createAda({ password });
  rig.emulator.world.faults.dropOnCall({ method: "auth.checkPassword", isCarriedOut: true });
  const attempts: number[] = [];
  await rig.account.login({
    ...rig.prompts,
    password: async ({ attempt }) => {
      attempts.push(attempt);
      return attempt === 1 ? "wrong horse" : password;
    },
  });
  expect(attempts).toEqual([1, 2]);
});

test("a login whose connection is cut again and again says so", async () => {
  await using rig = await startLoginRig();
  const ada = rig.createAda();
  rig.emulator.world.faults.dropOnCall({ method: "auth.signIn", times: 100 });
  await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  expect(rig.emulator.world.sessions(ada.id)).toEqual([]);
});

test("a login that is given up after a lost call is no end of a session", async () => {
  await using rig = await startLoginRig();
  rig.createAda();
  rig.emulator.world.faults.dropOnCall({ method: "auth.signIn" });
  const states: string[] = [];
  rig.account.onState(({ state }) => states.push(state));
  const enough = new AbortController();
  const login = rig.account.login({
    ...rig.prompts,
    signal: enough.signal,
    code: async ({ attempt }) => {
      if (attempt > 1) enough.abort(new Error("Enough"));
      return "00000";
    },
  });
  await expect(login).rejects.toThrow("Enough");
  expect(rig.emulator.stats().rpcCalls["users.getUsers"]).toBe(1);
  expect(states).toEqual([]);
  expect(rig.account.state.state).toBe("new");
});
