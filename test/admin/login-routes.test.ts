import { describe, expect, test } from "bun:test";
import { ask, askOpenly, authorization, login, sampleAdmin, session } from "./sample-admin.ts";

const post = (body?: unknown): RequestInit => ({
  method: "POST",
  ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
});

describe("/api/logins", () => {
  test("begins a login, tells where it stands, and takes each answer", async () => {
    const { admin, asked } = sampleAdmin();
    const begun = await ask(admin, "/api/logins", post({ account: "me", phone: "+15550001" }));
    expect([begun.status, await begun.json()]).toEqual([200, login]);
    expect(await (await ask(admin, "/api/logins/a-login")).json()).toEqual(login);
    expect(await (await ask(admin, "/api/logins")).json()).toEqual({ logins: [login] });
    for (const [path, body] of [
      ["phone", { phone: "+15550002" }],
      ["code", { code: "12345" }],
      ["resend", undefined],
      ["change-phone", undefined],
      ["password", { password: "secret" }],
    ] as const) {
      expect((await ask(admin, `/api/logins/a-login/${path}`, post(body))).status).toBe(200);
    }
    expect((await ask(admin, "/api/logins/a-login", { method: "DELETE" })).status).toBe(200);
    expect(asked).toEqual([
      'log in {"account":"me","by":"phone","phone":"+15550001"}',
      'answer a-login {"phone":"+15550002"}',
      'answer a-login {"code":"12345"}',
      'answer a-login {"instead":"another-code"}',
      'answer a-login {"instead":"another-phone"}',
      'answer a-login {"password":"secret"}',
      "cancel a-login",
    ]);
  });

  test.each([
    ["/api/logins", "application/json", '{"account": "me"'],
    ["/api/logins", "application/json", ""],
    ["/api/logins", "multipart/form-data", "no boundary"],
    ["/api/logins/a-login/phone", "application/json", "+15550002"],
    ["/api/logins/a-login/code", "application/json", '{"code": }'],
    ["/api/logins/a-login/password", "application/json", '{"password": "correct horse'],
  ])("refuses a body that is malformed, at %s as %s", async (path, type, body) => {
    const { admin, asked, lines } = sampleAdmin();
    const response = await ask(admin, path, { method: "POST", body, headers: { "content-type": type } });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.objectContaining({ code: "ADMIN_INVALID_REQUEST" }) },
    ]);
    expect([asked, lines]).toEqual([[], []]);
  });

  test("wants the token", async () => {
    const { admin } = sampleAdmin();
    expect((await askOpenly(admin, "/api/logins")).status).toBe(401);
    expect((await askOpenly(admin, "/api/logins", {}, "POST")).status).toBe(401);
  });

  test("refuses an answer of the wrong form, and tells nothing of it to anyone", async () => {
    const { admin, lines } = sampleAdmin();
    const secret = "correct horse ".repeat(100);
    const response = await ask(admin, "/api/logins/a-login/password", post({ password: secret }));
    expect(response.status).toBe(422);
    expect(await response.text()).not.toContain("correct horse");
    expect(lines.join()).not.toContain("correct horse");
  });
});

describe("/api/sessions", () => {
  test("lists what the program has, and nothing else of it", async () => {
    const more = { ...session, vaultKeyId: "a-key" };
    const { admin } = sampleAdmin({ sessions: async () => [more] });
    expect(await (await ask(admin, "/api/sessions")).json()).toEqual({ sessions: [session] });
    expect((await askOpenly(admin, "/api/sessions")).status).toBe(401);
  });
});

describe("/api/accounts/{name}/authorizations", () => {
  test("lists the account's sessions, and ends one", async () => {
    const { admin, asked } = sampleAdmin();
    const listed = await ask(admin, "/api/accounts/me/authorizations");
    expect(await listed.json()).toEqual({ authorizations: [authorization] });
    const path = "/api/accounts/me/authorizations/7001";
    expect((await ask(admin, path, { method: "DELETE" })).status).toBe(200);
    expect(asked).toEqual(["end me 7001"]);
  });
});

describe("POST /api/accounts/{name}/rotation", () => {
  test("gives the account a session with a new key", async () => {
    const { admin, asked } = sampleAdmin();
    expect((await ask(admin, "/api/accounts/me/rotation", { method: "POST" })).status).toBe(200);
    expect(asked).toEqual(["rotate me"]);
  });
});
