import { describe, expect, test } from "bun:test";
import type { Clock } from "../../../runtime/contract/index.ts";
import { RpcError } from "../../../runtime/emulator/index.ts";
import { loginHint } from "../../../runtime/telegram/error-meanings.ts";
import { startAccountRig } from "../support/account-rig.ts";
import { type LoginRig, password, phone, startLoginRig } from "../support/login-rig.ts";

const refuse = ({ emulator }: LoginRig, method: string, errorMessage: string, errorCode = 400, times = 1) =>
  emulator.world.faults.rpcError({ method, errorMessage, errorCode, times });
const noScan = { showQr: () => undefined, password: () => Promise.reject(new Error("Nobody scans")) };

describe("a login that Telegram refuses", () => {
  test.each([
    { method: "auth.sendCode", code: "API_ID_INVALID", errorCode: 400 },
    { method: "auth.sendCode", code: "API_ID_PUBLISHED_FLOOD", errorCode: 400 },
    { method: "auth.sendCode", code: "PHONE_PASSWORD_FLOOD", errorCode: 406 },
    { method: "auth.sendCode", code: "PHONE_NUMBER_FLOOD", errorCode: 400 },
    { method: "auth.signIn", code: "UPDATE_APP_TO_LOGIN", errorCode: 406 },
    { method: "auth.signIn", code: "AUTH_RESTART", errorCode: 500 },
  ])("by $code says what to do", async ({ method, code, errorCode }) => {
    await using rig = await startLoginRig();
    rig.createAda();
    refuse(rig, method, code, errorCode);
    const message = `Cannot call "${method}": ${code}, ${loginHint(code)}`;
    await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({ code, message });
    expect(await rig.storage.sessions.load(rig.account.name)).toBeNull();
  });

  test.each([
    { code: "INTERNAL", errorCode: 500, says: "Telegram has failed at it, try again later" },
    { code: "FROB_TOO_LATE", errorCode: 400, says: "for a reason that is not known here, try again later" },
  ])("by $code, which is not known here, says so", async ({ code, errorCode, says }) => {
    await using rig = await startLoginRig();
    rig.createAda();
    refuse(rig, "auth.signIn", code, errorCode);
    const message = expect.stringContaining(says);
    await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({ code, message });
  });

  test("for a time says for how long", async () => {
    await using rig = await startLoginRig();
    rig.createAda();
    rig.emulator.world.faults.floodWait({ method: "auth.signIn", seconds: 3600 });
    await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({
      code: "FLOOD_WAIT",
      message: expect.stringContaining("Telegram wants 3600 s of waiting: try again then"),
    });
  });

  test("begins anew by itself when the first request is to be repeated, and not for ever", async () => {
    await using rig = await startLoginRig();
    const ada = rig.createAda();
    refuse(rig, "auth.sendCode", "AUTH_RESTART", 500, 100);
    await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({ code: "AUTH_RESTART" });
    rig.emulator.world.faults.clear();
    refuse(rig, "auth.sendCode", "AUTH_RESTART", 500);
    expect(await rig.account.login(rig.prompts)).toMatchObject({ id: ada.id });
  });

  test("asks for another number where nobody has the first", async () => {
    await using rig = await startLoginRig();
    rig.createAda();
    refuse(rig, "auth.signIn", "PHONE_NUMBER_UNOCCUPIED");
    const problems: unknown[] = [];
    await rig.account.login({
      ...rig.prompts,
      phone: async ({ problem }) => {
        problems.push(problem?.code);
        return phone;
      },
    });
    expect(problems).toEqual([undefined, "PHONE_NUMBER_UNOCCUPIED"]);
  });

  test("asks for the password again when the check was too old", async () => {
    await using rig = await startLoginRig();
    rig.createAda({ password });
    refuse(rig, "auth.checkPassword", "SRP_ID_INVALID");
    const problems: unknown[] = [];
    await rig.account.login({
      ...rig.prompts,
      password: async ({ problem }) => {
        problems.push(problem?.code);
        return password;
      },
    });
    expect(problems).toEqual([undefined, "SRP_ID_INVALID"]);
  });

  test("of a number without an account says to sign up elsewhere", async () => {
    await using rig = await startLoginRig();
    await expect(rig.account.login(rig.prompts)).rejects.toMatchObject({
      code: "SIGN_UP_REQUIRED",
      message: expect.stringContaining("sign up in an official app first"),
    });
  });

  test("of somebody who cannot be told is not supported", async () => {
    const nobody = { _: "auth.authorization", user: { _: "userEmpty", id: 7n } };
    await using rig = await startAccountRig({ "auth.signIn": () => nobody });
    const code = async () => "12345";
    await expect(
      rig.account.login({ phone: async () => phone, code, password: async () => "" }),
    ).rejects.toMatchObject({ code: "LOGIN_UNSUPPORTED", message: expect.stringContaining('"UserEmpty"') });
  });
});

describe("a login whose answers are not taken", () => {
  test.each([
    {
      what: "numbers",
      code: "PHONE_NUMBER_INVALID",
      answers: { phone: async () => "nonsense" },
      says: "look yours up",
    },
    { what: "codes", code: "PHONE_CODE_INVALID", answers: { code: async () => "00000" }, says: "begin anew" },
    {
      what: "passwords",
      code: "PASSWORD_HASH_INVALID",
      answers: { password: async () => "wrong horse" },
      says: "reset it in an official app",
    },
  ])("ends after five $what, and says what next", async ({ what, code, answers, says }) => {
    await using rig = await startLoginRig();
    rig.createAda({ password });
    const login = rig.account.login({ ...rig.prompts, ...answers });
    const message = expect.stringMatching(new RegExp(`as 5 ${what} were not taken: .*${says}`));
    await expect(login).rejects.toMatchObject({ code, message });
  });

  test("says of a code that was too old that a new one was sent", async () => {
    await using rig = await startLoginRig();
    rig.createAda();
    const problems: unknown[] = [];
    await rig.account.login({
      ...rig.prompts,
      code: async (request) => {
        problems.push(request.problem?.message);
        if (problems.length > 1) return rig.prompts.code(request);
        rig.emulator.world.faults.expireLoginCode(phone);
        return "12345";
      },
    });
    expect(problems).toEqual([undefined, expect.stringContaining("give the new one that was sent just now")]);
  });

  test("shows no hint where the account has an empty one", async () => {
    await using rig = await startLoginRig();
    rig.createAda({ password, passwordHint: "" });
    const hints: unknown[] = [];
    await rig.account.login({
      ...rig.prompts,
      password: async ({ hint }) => {
        hints.push(hint);
        return password;
      },
    });
    expect(hints).toEqual([null]);
  });
});

describe("a login that is given up at the code", () => {
  const giveUp = async (rig: LoginRig) => {
    const controller = new AbortController();
    const asked = Promise.withResolvers<void>();
    const code = () => {
      asked.resolve();
      return new Promise<string>(() => undefined);
    };
    const login = rig.account.login({ ...rig.prompts, code, signal: controller.signal });
    await asked.promise;
    controller.abort(new Error("enough"));
    await expect(login).rejects.toThrow("enough");
  };

  test("takes the code back", async () => {
    await using rig = await startLoginRig();
    rig.createAda();
    await giveUp(rig);
    expect(rig.emulator.world.loginCode(phone)).toBeNull();
  });

  test("takes it back where the question itself fails", async () => {
    await using rig = await startLoginRig();
    rig.createAda();
    const code = () => Promise.reject(new Error("the terminal is gone"));
    await expect(rig.account.login({ ...rig.prompts, code })).rejects.toThrow("the terminal is gone");
    expect(rig.emulator.world.loginCode(phone)).toBeNull();
  });

  test.each([
    ["Telegram refuses that", (rig: LoginRig) => refuse(rig, "auth.cancelCode", "PHONE_CODE_EXPIRED")],
    [
      "Telegram wants a wait before that",
      ({ emulator }: LoginRig) =>
        emulator.world.faults.floodWait({ method: "auth.cancelCode", seconds: 3600 }),
    ],
  ])("ends with its own reason where %s", async (_, prepare) => {
    await using rig = await startLoginRig();
    rig.createAda();
    prepare(rig);
    await giveUp(rig);
  });
});

describe("a login by QR code", () => {
  test("ends when nobody scans any of its codes", async () => {
    const clock: Clock = {
      now: Date.now,
      // A code's own time is over at once; no other wait is meant.
      sleep: (durationMs) =>
        durationMs >= 5000 && durationMs <= 28_000 ? Promise.resolve() : new Promise(() => undefined),
    };
    await using rig = await startLoginRig({ clock });
    const codes = new Set<string>();
    const login = rig.account.login({ ...noScan, showQr: ({ url }) => void codes.add(url) });
    await expect(login).rejects.toMatchObject({ code: "LOGIN_NOT_SCANNED" });
    expect(codes.size).toBe(21);
  });

  test("ends when it is sent from one data centre to the next and back", async () => {
    const moveTo = (id: number) => ({
      ...{ _: "auth.loginTokenMigrateTo", dc_id: id, token: Buffer.from("token") },
    });
    await using rig = await startAccountRig({
      "auth.exportLoginToken": () => moveTo(4),
      "auth.importLoginToken": (_, { dcId }) => moveTo(dcId === 4 ? 2 : 4),
    });
    await expect(rig.account.login(noScan)).rejects.toMatchObject({ code: "LOGIN_IN_CIRCLE" });
  });
});

describe("ending another session", () => {
  test.each([
    {
      answer: new RpcError(406, "FRESH_RESET_AUTHORISATION_FORBIDDEN"),
      says: "wait or end them from your phone",
    },
    { answer: new RpcError(400, "HASH_INVALID"), says: '"telegraphist sessions list NAME --remote" shows' },
  ])("says what to do where Telegram refuses: $answer.errorMessage", async ({ answer, says }) => {
    await using rig = await startLoginRig();
    rig.createAda();
    await rig.account.login(rig.prompts);
    refuse(rig, "account.resetAuthorization", answer.errorMessage, answer.errorCode);
    await expect(rig.account.endAuthorization("-7")).rejects.toMatchObject({
      code: answer.errorMessage,
      message: expect.stringContaining(says),
    });
  });
});
