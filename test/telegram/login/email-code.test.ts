import { describe, expect, test } from "bun:test";
import type { CodeRequest } from "../../../runtime/telegram/index.ts";
import { startLoginRig } from "../support/login-rig.ts";

describe("a login whose code comes by e-mail", () => {
  test("gives the code as one of e-mail, after a wrong one too", async () => {
    await using rig = await startLoginRig();
    const ada = rig.createAda({ codesBy: "email" });
    const asked: CodeRequest[] = [];
    const user = await rig.account.login({
      ...rig.prompts,
      code: async (request) => {
        asked.push(request);
        return asked.length === 1 ? "00000" : rig.prompts.code(request);
      },
    });
    expect(user).toMatchObject({ id: ada.id });
    expect(asked.map(({ sentVia, nextVia, problem }) => [sentVia, nextVia, problem?.code])).toEqual([
      ["email", null, undefined],
      ["email", null, "CODE_INVALID"],
    ]);
  });

  test("gives the one that took the place of one that was too old", async () => {
    await using rig = await startLoginRig();
    rig.createAda({ codesBy: "email" });
    rig.emulator.world.faults.rpcError({
      ...{ method: "auth.signIn", errorCode: 400, errorMessage: "EMAIL_VERIFY_EXPIRED" },
    });
    const problems: unknown[] = [];
    await rig.account.login({
      ...rig.prompts,
      code: async (request) => {
        problems.push(request.problem?.code);
        return rig.prompts.code(request);
      },
    });
    expect(problems).toEqual([undefined, "EMAIL_VERIFY_EXPIRED"]);
    expect(rig.emulator.stats().rpcCalls["auth.sendCode"]).toBe(2);
  });

  test("ends at once where an address is wanted first, and says what to do", async () => {
    await using rig = await startLoginRig();
    rig.createAda({ codesBy: "email-setup" });
    const code = () => Promise.reject(new Error("Nobody can know a code"));
    await expect(rig.account.login({ ...rig.prompts, code })).rejects.toMatchObject({
      code: "LOGIN_UNSUPPORTED",
      message: expect.stringContaining("in an official app, or log in by QR code"),
    });
    expect(rig.emulator.stats().rpcCalls["auth.signIn"]).toBeUndefined();
  });
});
