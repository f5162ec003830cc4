import { describe, expect, test } from "bun:test";
import { LoginDesk } from "../../runtime/app/login-desk.ts";
import type { Clock } from "../../runtime/contract/index.ts";
import { type Emulator, startEmulator } from "../../runtime/emulator/index.ts";
import { createInstallation, type Installation, ownerPassword, ownerPhone } from "../e2e/installation.ts";
import { silent } from "../telegram/support/mtproto-rig.ts";

interface Report {
  readonly id: string;
  readonly now: { readonly step: string } & Readonly<Record<string, unknown>>;
}

/** The API of a program that runs without a session. */
async function startHeadless(installation: Installation) {
  const lines: string[] = [];
  const opened = await installation.open({ level: "debug", writeLog: (line) => void lines.push(line) });
  await opened.app.start({ awaitsLogin: true });
  const { url = "", token = "" } = opened.app.admin ?? {};
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // The test says which of both it expects.
    return (await response.json()) as Report & { readonly error?: { readonly code: string } };
  };
  return { ...opened, lines, call, [Symbol.asyncDispose]: () => opened.app.stop() };
}

const install = (emulator?: Emulator) =>
  createInstallation({ admin: { port: 0, tokenFile: "token" }, ...(emulator && { emulator }) });

/** A login that waits for the code of the owner, or of another number. */
async function begin({ call }: Pick<Awaited<ReturnType<typeof startHeadless>>, "call">, phone = ownerPhone) {
  const { id, now } = await call("POST", "/api/logins", { account: "me", phone });
  const give = (step: string, body?: unknown) => call("POST", `/api/logins/${id}/${step}`, body);
  return { id, now, give };
}

describe("logging in over the API", () => {
  test("goes by phone, code, and password, and the account runs then", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const { call, lines } = program;
    const { world } = installation.emulator;
    const begun = await call("POST", "/api/logins", { account: "me" });
    expect(begun.now).toEqual({ step: "phone", attempt: 1, problem: null });
    const path = `/api/logins/${begun.id}`;
    expect((await call("POST", `${path}/code`, { code: "1" })).error?.code).toBe("LOGIN_WRONG_STEP");
    const sent = await call("POST", `${path}/phone`, { phone: ownerPhone });
    expect(sent.now).toMatchObject({ step: "code", sentVia: "app", nextVia: "sms", length: 5 });
    expect((await call("POST", `${path}/code`, { code: "00000" })).now).toMatchObject({
      ...{ step: "code", attempt: 2 },
      problem: { code: "PHONE_CODE_INVALID" },
    });
    const code = world.loginCode(ownerPhone) ?? "";
    expect((await call("POST", `${path}/code`, { code })).now).toMatchObject({
      step: "password",
      attempt: 1,
    });
    const wrong = await call("POST", `${path}/password`, { password: "wrong horse" });
    expect(wrong.now).toMatchObject({ step: "password", problem: { code: "PASSWORD_HASH_INVALID" } });
    const done = await call("POST", `${path}/password`, { password: ownerPassword });
    expect(done.now).toEqual({ step: "done", userId: installation.owner.id, isRunning: true });
    expect(program.app.accounts.values().next().value?.state.state).toMatch(/catching-up|online/);
    for (const secret of [ownerPhone, ownerPhone.slice(1), code, ownerPassword, "wrong horse"]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    const again = await call("POST", "/api/logins", { account: "me" });
    expect(again.now).toMatchObject({ step: "failed", error: { code: "ACCOUNT_RUNNING" } });
  });

  test("takes the phone number of the configuration, and asks where that is not taken or another is wanted", async () => {
    await using installation = await createInstallation({
      admin: { port: 0, tokenFile: "token" },
      accounts: { me: { phone: ownerPhone }, other: { phone: "+15550000" }, third: {} },
    });
    await using program = await startHeadless(installation);
    const begin = (body: unknown) => program.call("POST", "/api/logins", body);
    const begun = await begin({ account: "me" });
    expect(begun.now).toMatchObject({ step: "code", attempt: 1 });
    const changed = await program.call("POST", `/api/logins/${begun.id}/change-phone`);
    expect(changed.now).toMatchObject({ step: "phone" });
    expect((await begin({ account: "third" })).now).toMatchObject({ step: "phone", problem: null });
    installation.emulator.world.faults.rpcError({
      method: "auth.sendCode",
      errorCode: 400,
      errorMessage: "PHONE_NUMBER_INVALID",
    });
    expect((await begin({ account: "other" })).now).toMatchObject({
      step: "phone",
      problem: { code: "PHONE_NUMBER_INVALID" },
    });
    expect(program.lines.join()).not.toContain(ownerPhone);
  });

  test("goes by QR code", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const begun = await program.call("POST", "/api/logins", { account: "me", by: "qr" });
    expect(begun.now.step).toBe("scan");
    installation.emulator.world.scanLoginCode(installation.owner.id, String(begun.now.url));
    const path = `/api/logins/${begun.id}`;
    let report = await program.call("GET", path);
    while (report.now.step === "scan") report = await program.call("GET", path);
    expect(report.now.step).toBe("password");
    const done = await program.call("POST", `${path}/password`, { password: ownerPassword });
    expect(done.now).toMatchObject({ step: "done", isRunning: true });
  });

  test("can be given up, and begun anew", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const begun = await program.call("POST", "/api/logins", { account: "me", phone: ownerPhone });
    const twice = await program.call("POST", "/api/logins", { account: "me" });
    expect(twice.error?.code).toBe("LOGIN_IN_PROGRESS");
    await program.call("DELETE", `/api/logins/${begun.id}`);
    expect((await program.call("GET", `/api/logins/${begun.id}`)).error?.code).toBe("LOGIN_NOT_FOUND");
    expect((await program.call("POST", "/api/logins", { account: "me" })).now.step).toBe("phone");
    const unknown = await program.call("POST", "/api/logins", { account: "you" });
    expect(unknown.now).toMatchObject({ step: "failed", error: { code: "APP_UNKNOWN_ACCOUNT" } });
  });
});

describe("a login over the API that meets trouble", () => {
  test("has another code sent, and goes back to the number", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const { world } = installation.emulator;
    const { give, now } = await begin(program, "+9996610001");
    expect(now).toMatchObject({ step: "code", sentVia: "app", nextVia: "sms" });
    expect((await give("resend")).now).toMatchObject({ step: "code", sentVia: "sms", problem: null });
    expect((await give("change-phone")).now).toEqual({ step: "phone", attempt: 1, problem: null });
    expect(world.loginCode("+9996610001")).toBeNull();
    expect((await give("phone", { phone: "nonsense" })).now).toMatchObject({
      ...{ step: "phone", attempt: 2 },
      problem: { code: "PHONE_NUMBER_INVALID" },
    });
    expect((await give("phone", { phone: ownerPhone })).now).toMatchObject({ step: "code", attempt: 1 });
    const code = world.loginCode(ownerPhone) ?? "";
    expect((await give("code", { code })).now.step).toBe("password");
  });

  test("has a code replaced that was too old", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const { world } = installation.emulator;
    const { give } = await begin(program);
    const old = world.loginCode(ownerPhone) ?? "";
    world.faults.expireLoginCode(ownerPhone);
    const message = expect.stringContaining("the new one that was sent just now");
    expect((await give("code", { code: old })).now).toMatchObject({
      ...{ step: "code", attempt: 2 },
      problem: { code: "PHONE_CODE_EXPIRED", message },
    });
    const code = world.loginCode(ownerPhone) ?? "";
    expect((await give("code", { code })).now.step).toBe("password");
  });

  test("fails after five wrong codes", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const { give } = await begin(program);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect((await give("code", { code: "00000" })).now).toMatchObject({ step: "code", attempt });
    }
    const message = expect.stringContaining("5 codes were not taken: begin anew");
    const error = { code: "PHONE_CODE_INVALID", message };
    expect((await give("code", { code: "00000" })).now).toMatchObject({ step: "failed", error });
    expect((await give("code", { code: "00000" })).error?.code).toBe("LOGIN_WRONG_STEP");
  });

  test("fails after five wrong passwords, and may begin anew", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const { world } = installation.emulator;
    const { give } = await begin(program);
    await give("code", { code: world.loginCode(ownerPhone) ?? "" });
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect((await give("password", { password: "wrong" })).now).toMatchObject({
        step: "password",
        attempt,
      });
    }
    const message = expect.stringContaining("5 passwords were not taken: recall it, or reset it");
    const error = { code: "PASSWORD_HASH_INVALID", message };
    expect((await give("password", { password: "wrong" })).now).toMatchObject({ step: "failed", error });
    expect((await begin(program)).now.step).toBe("code");
  });

  test("is refused a number without an account", async () => {
    await using installation = await install();
    await using program = await startHeadless(installation);
    const stranger = "+9996610001";
    const { give } = await begin(program, stranger);
    const code = installation.emulator.world.loginCode(stranger) ?? "";
    const error = {
      code: "SIGN_UP_REQUIRED",
      message: expect.stringContaining("sign up in an official app"),
    };
    expect((await give("code", { code })).now).toMatchObject({ step: "failed", error });
  });

  test("is followed to the account's home data centre", async () => {
    await using emulator = await startEmulator({ dataCentres: 4 });
    await using installation = await install(emulator);
    const phone = "+9996619004";
    const dan = emulator.world.createUser({ firstName: "Dan", phone, homeDataCentreId: 4 });
    await using program = await startHeadless(installation);
    const { give } = await begin(program, phone);
    const done = await give("code", { code: emulator.world.loginCode(phone) ?? "" });
    expect(done.now).toEqual({ step: "done", userId: dan.id, isRunning: true });
    expect(emulator.world.sessions(dan.id)).toMatchObject([{ dataCentreId: 4 }]);
  });
});

describe("App.start()", () => {
  test("refuses to go on without any session unless it awaits a login", async () => {
    await using installation = await install();
    await using opened = await installation.open();
    await expect(opened.app.start()).rejects.toMatchObject({ code: "ACCOUNT_NO_SESSION" });
  });
});

describe("LoginDesk", () => {
  const waiting: Pick<ConstructorParameters<typeof LoginDesk>[0], "login" | "run" | "phoneOf"> = {
    login: (_, way) => {
      if (!("phone" in way)) throw new Error("It goes by phone");
      const { promise, reject } = Promise.withResolvers<never>();
      way.signal?.addEventListener("abort", () => reject(way.signal?.reason));
      void way.phone({ attempt: 1, problem: null });
      return promise;
    },
    run: async () => true,
    phoneOf: () => undefined,
  };

  test("bounds how many logins go on at once", async () => {
    const clock: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    const desk = new LoginDesk({ ...waiting, clock, logger: silent });
    const first = await desk.start({ account: "a", by: "phone" });
    for (const account of ["b", "c", "d", "e"]) await desk.start({ account, by: "phone" });
    const sixth = { account: "f", by: "phone" } as const;
    await expect(desk.start(sixth)).rejects.toMatchObject({ code: "LOGIN_TOO_MANY" });
    await desk.cancel(first.id);
    expect(await desk.start(sixth)).toMatchObject({ account: "f", now: { step: "phone" } });
    await desk.stop();
  });

  test("gives up those that go on when it stops, and says so", async () => {
    const clock: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    const desk = new LoginDesk({ ...waiting, clock, logger: silent });
    const { id } = await desk.start({ account: "a", by: "phone" });
    await desk.stop();
    expect(desk.get(id).now).toMatchObject({ step: "failed", error: { code: "LOGIN_CANCELLED" } });
  });

  test("tells of a defect by a code of its own", async () => {
    const clock: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    const login = () => Promise.reject(new TypeError("undefined is not a function"));
    const desk = new LoginDesk({ ...waiting, login, clock, logger: silent });
    const { now } = await desk.start({ account: "a", by: "phone" });
    expect(now).toMatchObject({ step: "failed", error: { code: "LOGIN_FAILED", category: "INTERNAL" } });
  });

  test("gives a login up after ten minutes", async () => {
    const expiry = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const clock: Clock = {
      now: () => 0,
      sleep: (durationMs) => (durationMs === 600_000 ? expiry.promise : new Promise(() => undefined)),
    };
    const login: typeof waiting.login = (account, way) => waiting.login(account, way).finally(over.resolve);
    const desk = new LoginDesk({ ...waiting, login, clock, logger: silent });
    const { id, expiresAtMs } = await desk.start({ account: "a", by: "phone" });
    expect(expiresAtMs).toBe(600_000);
    expiry.resolve();
    await over.promise;
    while (desk.get(id).now.step !== "failed") await Promise.resolve();
    expect(desk.get(id).now).toMatchObject({ step: "failed", error: { code: "LOGIN_EXPIRED" } });
  });
});
