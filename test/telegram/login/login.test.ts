import { describe, expect, test } from "bun:test";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import { homeDataCentreId, prompts, rightCode, startAccountRig } from "../support/account-rig.ts";

describe("Account.login()", () => {
  test("logs in by phone and code in the number's own data centre, and stores the session", async () => {
    await using rig = await startAccountRig();
    const user = await rig.account.login(prompts);
    expect(user).toMatchObject({ id: "7", firstName: "Ada", isSelf: true });
    const session = await rig.storage.sessions.load(rig.account.name);
    expect(session).toMatchObject({ userId: "7", mainDataCentreId: homeDataCentreId, state: "active" });
    expect(session?.authKeys.get(homeDataCentreId)?.length).toBe(256);
    await rig.telegram.connections(0);
  });

  test("tells where the code went, and asks again for a wrong one", async () => {
    await using rig = await startAccountRig();
    const asked: unknown[] = [];
    const codes = ["11111", rightCode];
    await rig.account.login({
      ...prompts,
      code: async (request) => {
        asked.push(request);
        return codes.shift() ?? "";
      },
    });
    expect(asked).toEqual([
      { sentVia: "app", nextVia: null, length: 5, attempt: 1, problem: null },
      {
        ...{ sentVia: "app", nextVia: null, length: 5, attempt: 2 },
        problem: expect.objectContaining({ code: "PHONE_CODE_INVALID" }),
      },
    ]);
  });

  test("gives up after five wrong codes, and stores nothing", async () => {
    await using rig = await startAccountRig();
    const login = rig.account.login({ ...prompts, code: async () => "11111" });
    await expect(login).rejects.toMatchObject({ code: "PHONE_CODE_INVALID", category: "AUTH" });
    expect(await rig.storage.sessions.load(rig.account.name)).toBeNull();
  });

  test("has a new code sent when the old one has expired, and another way when asked to", async () => {
    let signIns = 0;
    const asked: string[] = [];
    await using rig = await startAccountRig({
      "auth.resendCode": () => {
        return {
          _: "auth.sentCode",
          type: { _: "auth.sentCodeTypeSms", length: 5 },
          phone_code_hash: "second",
        };
      },
      "auth.signIn": ({ phone_code_hash: hash }) => {
        signIns += 1;
        if (signIns === 1) throw new RpcError(400, "PHONE_CODE_EXPIRED");
        expect(hash).toBe("second");
        return { _: "auth.authorization", user: { _: "user", id: 7n } };
      },
    });
    const codes = [rightCode, { instead: "another-code" }, rightCode] as const;
    await rig.account.login({
      ...prompts,
      code: async ({ sentVia }) => {
        asked.push(sentVia);
        return codes[asked.length - 1] ?? "";
      },
    });
    expect(asked).toEqual(["app", "app", "sms"]);
  });

  test("refuses a number that has no account", async () => {
    await using rig = await startAccountRig({
      "auth.signIn": () => ({ _: "auth.authorizationSignUpRequired" }),
    });
    await expect(rig.account.login(prompts)).rejects.toMatchObject({ code: "SIGN_UP_REQUIRED" });
  });

  test("refuses to put a session aside", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await expect(rig.account.login(prompts)).rejects.toMatchObject({ code: "ACCOUNT_LOGGED_IN" });
  });

  test("ends with the prompts' signal while the person is asked", async () => {
    await using rig = await startAccountRig();
    const controller = new AbortController();
    const asked = Promise.withResolvers<void>();
    const login = rig.account.login({
      ...prompts,
      signal: controller.signal,
      code: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    await asked.promise;
    controller.abort(new Error("enough"));
    await expect(login).rejects.toThrow("enough");
    await rig.telegram.connections(0);
  });
});

describe("Account.logOut()", () => {
  test("ends the session at Telegram and forgets it here", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    await rig.account.start();
    await rig.account.logOut();
    expect(rig.telegram.server.stats().rpcCalls["auth.logOut"]).toBe(1);
    expect(await rig.storage.sessions.load(rig.account.name)).toBeNull();
    expect(rig.account.state.state).toBe("stopped");
  });
});
