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

/** What the server writes to a client that speaks for itself, until it hangs up. */
async function answerTo(port: number, text: string): Promise<string> {
  const ended = Promise.withResolvers<string>();
  let answer = "";
  await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: (socket) => void socket.write(text),
      data: (_, chunk) => {
        answer += chunk.toString();
      },
      close: () => ended.resolve(answer),
    },
  });
  return ended.promise;
}

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

  test.each([`//evil.example/?token=${token}`, "//evil.example/"])(
    "for %s sends nobody to another host, and shows no form",
    async (path) => {
      const { admin } = sampleAdmin();
      const response = await askOpenly(admin, path, { accept: "text/html" });
      expect([response.headers.get("location"), response.headers.get("set-cookie")]).toEqual([null, null]);
      expect(await codeOf(response)).toEqual([404, "ADMIN_NOT_FOUND"]);
    },
  );

  test.each([
    ["CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "400"],
    ["GET /health HTTP/1.0\r\n\r\n", "400"],
    ["GET /health/%2e%2e/api/accounts HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "401"],
    ["GET /assets/..%2f..%2fpackage.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "401"],
    ["GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421"],
  ])("sent as %j is answered %s, without a word of the source", async (text, status) => {
    const { admin } = sampleAdmin();
    const url = new URL(await admin.listen({ host: "127.0.0.1", port: 0 }));
    const answer = await answerTo(Number(url.port), text);
    await admin.stop();
    expect(answer).toStartWith(`HTTP/1.1 ${status} `);
    expect(answer).not.toMatch(/request-shell|Invalid URL|<html/);
  });

  test("does not reach a route through a slash in a name", async () => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/api/plugins/..%2f..%2fhealth/restart", { method: "POST" });
    expect(response.status).toBe(404);
  });

  test("takes nothing from the prototype of its query", async () => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/api/events/recent?__proto__[limit]=0&constructor=1&limit=3");
    expect(response.status).toBe(200);
    expect(Object.hasOwn(Object.prototype, "limit")).toBe(false);
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
