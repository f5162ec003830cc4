import { describe, expect, test } from "bun:test";
import { type ErrorCategory, TelegraphistError } from "../../runtime/contract/index.ts";
import { account, ask, askOpenly, journal, plugin, sampleAdmin, token, trace } from "./sample-admin.ts";

describe("/health", () => {
  test("tells of accounts, plugins, database, journal, memory, and time, without a token", async () => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, "/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: "ok",
      version: "1.2.3",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      uptimeMs: expect.any(Number),
      memory: { rssBytes: expect.any(Number), heapUsedBytes: expect.any(Number) },
      accounts: [{ name: "me", state: "online", sinceMs: 1000, latencyMs: 12, waits: [] }],
      plugins: [
        {
          ...{ name: "autoresponder", state: "running", sinceMs: 1000 },
          ...{ isolation: "process", process: plugin.process, restarts: 0 },
        },
      ],
      database: { ok: true, latencyMs: expect.any(Number), problem: null },
      journal,
    });
  });

  test("is degraded when the journal cannot be looked at", async () => {
    const { admin } = sampleAdmin({ journal: () => Promise.reject(new TypeError("secret")) });
    const response = await askOpenly(admin, "/health");
    expect(await response.json()).toMatchObject({ status: "degraded", journal: { problem: "TypeError" } });
  });

  test("answers 503 when the database cannot be used, and names its error alone", async () => {
    const { admin } = sampleAdmin({
      checkDatabase: async () => {
        throw Object.assign(new Error("secret path"), { code: "STORAGE_CORRUPT" });
      },
    });
    const response = await askOpenly(admin, "/health");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: "down",
      database: { ok: false, problem: "STORAGE_CORRUPT" },
    });
  });

  test("checks the database once for many who ask", async () => {
    let checks = 0;
    const { admin } = sampleAdmin({
      checkDatabase: async () => {
        checks++;
        return { ok: true };
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => askOpenly(admin, "/health")));
    expect(checks).toBe(1);
  });

  test("/live answers always, /ready once every account is connected", async () => {
    let state: "connecting" | "online" = "connecting";
    const { admin } = sampleAdmin({ accounts: () => [{ ...account, state }] });
    expect((await askOpenly(admin, "/health/live")).status).toBe(200);
    expect((await askOpenly(admin, "/health/ready")).status).toBe(503);
    state = "online";
    expect((await askOpenly(admin, "/health/ready")).status).toBe(200);
  });

  test("answers HEAD without a body", async () => {
    const { admin } = sampleAdmin();
    const response = await askOpenly(admin, "/health", {}, "HEAD");
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

describe("/api", () => {
  test("lists accounts and plugins", async () => {
    const { admin } = sampleAdmin();
    expect(await (await ask(admin, "/api/accounts")).json()).toEqual({ accounts: [account] });
    expect(await (await ask(admin, "/api/plugins")).json()).toEqual({ plugins: [plugin] });
  });

  test("looks whether an account can be used, and says why not", async () => {
    const post = { method: "POST" };
    const { admin } = sampleAdmin();
    const well = await ask(admin, "/api/accounts/me/check", post);
    const fit = { account: "me", isFit: true, latencyMs: 12, error: null };
    expect([well.status, await well.json()]).toEqual([200, fit]);
    const error = { code: "ACCOUNT_OFFLINE", category: "NETWORK", message: "Cannot use it" };
    const unfit = { account: "me", isFit: false, latencyMs: null, error };
    const offline = sampleAdmin({ checkAccount: async () => unfit });
    expect(await (await ask(offline.admin, "/api/accounts/me/check", post)).json()).toEqual(unfit);
    const unknown = sampleAdmin({
      checkAccount: async () => {
        const message = 'Cannot find the account "me"';
        throw new TelegraphistError({ code: "POOL_UNKNOWN_ACCOUNT", category: "NOT_FOUND", message });
      },
    });
    expect((await ask(unknown.admin, "/api/accounts/me/check", post)).status).toBe(404);
  });

  test.each(["restart", "disable", "enable"])("does %s a plugin", async (action) => {
    const { admin, asked } = sampleAdmin();
    const response = await ask(admin, `/api/plugins/autoresponder/${action}`, { method: "POST" });
    expect([response.status, await response.json()]).toEqual([200, { done: true }]);
    expect(asked).toEqual([`${action} autoresponder`]);
  });

  test("answers 404 for a plugin that is not there", async () => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/api/plugins/nobody/restart", { method: "POST" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "HOST_UNKNOWN_PLUGIN" } });
  });

  test("gives as many events as were asked for", async () => {
    const limits: number[] = [];
    const { admin } = sampleAdmin({
      recentEvents: (limit) => {
        limits.push(limit);
        return [];
      },
    });
    expect((await ask(admin, "/api/events/recent?limit=7")).status).toBe(200);
    expect((await ask(admin, "/api/events/recent")).status).toBe(200);
    expect(limits).toEqual([7, 50]);
  });

  test.each(["0", "501", "ten", "1.5"])("refuses a limit of %s", async (limit) => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, `/api/events/recent?limit=${limit}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      error: {
        code: "ADMIN_INVALID_REQUEST",
        message: expect.stringContaining('"limit"'),
        requestId: expect.any(String),
      },
    });
  });

  test("gives errors and traces", async () => {
    const seen = { key: "FLOOD_WAIT", count: 2, firstSeenAtMs: 1, lastSeenAtMs: 2, samples: [] };
    const { admin } = sampleAdmin({ errors: () => [seen] });
    expect(await (await ask(admin, "/api/errors")).json()).toEqual({ errors: [seen] });
    expect(await (await ask(admin, "/api/traces?limit=1")).json()).toEqual({ traces: [trace] });
  });

  test("/metrics is text for Prometheus", async () => {
    const { admin } = sampleAdmin();
    const response = await ask(admin, "/metrics");
    expect(response.headers.get("content-type")).toStartWith("text/plain; version=0.0.4");
    expect(await response.text()).toBe("telegraphist_updates_total 1\n");
  });
});

describe("errors", () => {
  test("have one shape for what is not there and for the wrong method", async () => {
    const { admin } = sampleAdmin();
    const missing = await ask(admin, "/api/nothing");
    const wrong = await ask(admin, "/api/plugins/autoresponder/restart");
    expect([missing.status, wrong.status, wrong.headers.get("allow")]).toEqual([404, 405, "POST"]);
    for (const [response, code] of [
      [missing, "ADMIN_NOT_FOUND"],
      [wrong, "ADMIN_METHOD_NOT_ALLOWED"],
    ] as const) {
      expect(await response.json()).toEqual({
        error: { code, message: expect.any(String), requestId: response.headers.get("x-request-id") },
      });
    }
  });

  test("of our own keep their words, others keep them for the log", async () => {
    const own = new TelegraphistError({
      code: "HOST_BUSY",
      category: "PLUGIN",
      message: "Cannot restart: busy",
    });
    const known = sampleAdmin({ restartPlugin: () => Promise.reject(own) });
    const unknown = sampleAdmin({ restartPlugin: () => Promise.reject(new Error("at /home/x.ts:1")) });
    const path = "/api/plugins/autoresponder/restart";
    const [first, second] = [
      await ask(known.admin, path, { method: "POST" }),
      await ask(unknown.admin, path, { method: "POST" }),
    ];
    expect(await first.json()).toMatchObject({
      error: { code: "HOST_BUSY", message: "Cannot restart: busy" },
    });
    const text = await second.text();
    expect([second.status, text.includes("/home")]).toEqual([500, false]);
    expect(unknown.lines.join("")).toContain(second.headers.get("x-request-id") ?? "none");
  });

  test.each<[ErrorCategory, boolean, number, string | null]>([
    ["AUTH", false, 409, null],
    ["FLOOD_WAIT", true, 429, null],
    ["FLOOD_BLOCK", false, 429, null],
    ["RIGHTS", false, 403, null],
    ["PRIVACY", false, 403, null],
    ["NETWORK", true, 503, "warn"],
    ["CANCELLED", false, 503, "warn"],
    ["STORAGE", true, 503, "warn"],
    ["STORAGE", false, 500, "error"],
    ["PLUGIN", false, 500, "error"],
    ["INTERNAL", false, 500, "error"],
  ])("of category %s, retryable: %p, answer %i, and log %p", async (category, retryable, status, level) => {
    const error = new TelegraphistError({ code: "SOME_CODE", category, retryable, message: "Cannot do it" });
    const { admin, lines } = sampleAdmin({ rotateSession: () => Promise.reject(error) });
    const response = await ask(admin, "/api/accounts/me/rotation", { method: "POST" });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: "SOME_CODE", message: "Cannot do it" } });
    const levels = lines.map((line) => JSON.parse(line).level);
    expect(levels).toEqual(level === null ? [] : [level]);
  });

  test.each([
    [{ waitMs: 30_000 }, "30"],
    [{ waitMs: 1 }, "1"],
    [{}, null],
  ])("of a flood with %p name the seconds to wait: %p", async (data, seconds) => {
    const flood = { code: "FLOOD_WAIT", category: "FLOOD_WAIT", message: "Cannot call it", data } as const;
    const { admin } = sampleAdmin({ authorizations: () => Promise.reject(new TelegraphistError(flood)) });
    const response = await ask(admin, "/api/accounts/me/authorizations");
    expect(response.headers.get("retry-after")).toBe(seconds);
  });

  test("are not blamed on the caller when the answer does not fit its schema", async () => {
    const { admin } = sampleAdmin({ accounts: () => [{ ...account, reconnects: Number.NaN }] });
    const response = await ask(admin, "/api/accounts");
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { code: "ADMIN_INTERNAL" } });
  });

  test("come in time when a part of the program hangs", async () => {
    const hanging = Promise.withResolvers<string>();
    const { admin } = sampleAdmin({ metricsText: () => hanging.promise }, 5);
    const response = await ask(admin, "/metrics");
    hanging.resolve("");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "ADMIN_TIMEOUT" } });
  });
});

describe("Admin.listen()", () => {
  test("serves until it is stopped", async () => {
    const { admin } = sampleAdmin();
    const url = await admin.listen({ host: "127.0.0.1", port: 0 });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(
      (await fetch(`${url}/api/accounts`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
    await admin.stop();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });

  test("lets a running request end before it stops", async () => {
    const text = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const { admin } = sampleAdmin({
      metricsText: () => {
        begun.resolve();
        return text.promise;
      },
    });
    const url = await admin.listen({ host: "127.0.0.1", port: 0 });
    const response = fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    await begun.promise;
    const stopped = admin.stop();
    text.resolve("late 1\n");
    expect(await (await response).text()).toBe("late 1\n");
    await stopped;
  });

  test("cuts off at its deadline what does not end", async () => {
    const begun = Promise.withResolvers<void>();
    const hanging = Promise.withResolvers<string>();
    const { admin } = sampleAdmin(
      {
        metricsText: () => {
          begun.resolve();
          return hanging.promise;
        },
      },
      60_000,
    );
    const url = await admin.listen({ host: "127.0.0.1", port: 0 });
    const response = fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    await begun.promise;
    await admin.stop({ deadlineMs: 10 });
    await expect(response).rejects.toThrow();
    hanging.resolve("");
  });

  test("says what to do when the port is in use", async () => {
    await using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { admin } = sampleAdmin();
    await expect(admin.listen({ host: "127.0.0.1", port: other.port ?? 0 })).rejects.toMatchObject({
      code: "ADMIN_PORT_IN_USE",
      message: expect.stringContaining("set another admin.port"),
    });
  });

  test("tells of an address that is not this machine's", async () => {
    const { admin } = sampleAdmin();
    await expect(admin.listen({ host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
      code: "ADMIN_CANNOT_LISTEN",
    });
  });
});
