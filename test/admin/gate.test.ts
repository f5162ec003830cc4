import { describe, expect, test } from "bun:test";
import { errorAnswer } from "../../runtime/admin/reports.ts";
import { ask, askOpenly, sampleAdmin, token } from "./sample-admin.ts";

const guarded = [
  "/",
  "/docs",
  "/traces",
  "/metrics",
  "/openapi.json",
  "/api/accounts",
  "/api/nothing",
  "/health/x",
];

async function codeOf(response: Response): Promise<unknown> {
  const { error } = errorAnswer.parse(await response.json());
  return [response.status, error.code];
}

describe("the token", () => {
  test.each(guarded)("is needed for %s", async (path) => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, path);
    expect(response.headers.get("www-authenticate")).toStartWith("Bearer");
    expect(await codeOf(response)).toEqual([401, "ADMIN_UNAUTHORIZED"]);
  });

  test.each([`${token}x`, token.slice(1), "", "Bearer"])("is not %p", async (wrong) => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/api/accounts", { headers: { authorization: `Bearer ${wrong}` } });
    expect(response.status).toBe(401);
  });

  test("in an address becomes a cookie, and leaves the address", async () => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, `/traces?token=${token}&limit=5`);
    const cookie = response.headers.get("set-cookie") ?? "";
    expect([response.status, response.headers.get("location")]).toEqual([303, "/traces?limit=5"]);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).not.toContain(token);
    const again = await askOpenly(admin, "/traces", { cookie: cookie.split(";")[0] ?? "" });
    expect(again.status).toBe(200);
  });

  test("in an address must be right", async () => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, "/traces?token=wrong");
    expect([response.status, response.headers.get("set-cookie")]).toEqual([401, null]);
  });

  test("is asked for on a page when a person comes with a browser", async () => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, "/traces", { accept: "text/html" });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('type="password"');
  });

  test("is not needed for static files, which hold no data", async () => {
    const { admin } = sampleAdmin();
    expect((await askOpenly(admin, "/assets/admin.css")).status).toBe(200);
  });
});

describe("a request", () => {
  test.each(["evil.example", "127.0.0.1.evil.example:7330", "localhost.evil"])(
    "for the host %s is refused on loopback",
    async (host) => {
      const { admin } = sampleAdmin();
      expect(await codeOf(await askOpenly(admin, "/health", { host }))).toEqual([421, "ADMIN_WRONG_HOST"]);
    },
  );

  test.each(["localhost:7330", "127.0.0.1", "[::1]:7330", "LOCALHOST"])(
    "for the host %s is answered",
    async (host) => {
      const { admin } = sampleAdmin();
      expect((await askOpenly(admin, "/health", { host })).status).toBe(200);
    },
  );

  test("for any host is answered when the server is open to others", async () => {
    const { admin } = sampleAdmin();
    await admin.listen({ host: "0.0.0.0", port: 0 });
    expect((await askOpenly(admin, "/health", { host: "bot.example" })).status).toBe(200);
    await admin.stop();
  });

  test("that changes something is refused from another origin, also of the same machine", async () => {
    const { admin, asked } = sampleAdmin();
    for (const origin of ["http://evil.example", "http://127.0.0.1:3000", "null"]) {
      const response = await ask(admin, "/api/plugins/autoresponder/restart", {
        method: "POST",
        headers: { origin },
      });
      expect(await codeOf(response)).toEqual([403, "ADMIN_FOREIGN_ORIGIN"]);
    }
    const own = await ask(admin, "/api/plugins/autoresponder/restart", {
      method: "POST",
      headers: { origin: "http://127.0.0.1:7330" },
    });
    expect([own.status, asked]).toEqual([200, ["restart autoresponder"]]);
  });

  test("with a large body is refused", async () => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/api/plugins/autoresponder/restart", {
      method: "POST",
      headers: { "content-length": String(1024 * 1024) },
    });
    expect(await codeOf(response)).toEqual([413, "ADMIN_BODY_TOO_LARGE"]);
  });

  test("gets security headers, and no word on other origins", async () => {
    const { admin } = sampleAdmin();
    for (const path of ["/health", "/api/nothing"]) {
      const { headers } = await askOpenly(admin, path, { origin: "http://evil.example" });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("content-security-policy")).toStartWith("default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});
