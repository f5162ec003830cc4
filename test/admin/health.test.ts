import { describe, expect, test } from "bun:test";
import { healthOf, isReady } from "../../runtime/admin/health.ts";
import type { AccountReport, PluginReport } from "../../runtime/admin/index.ts";
import { account, journal, plugin } from "./sample-admin.ts";

function statusOf(
  accounts: readonly AccountReport["state"][],
  plugins: readonly PluginReport["state"][] = [],
  databaseOk = true,
  journalProblem: string | null = null,
) {
  return healthOf({
    version: "1",
    startedAtMs: 1000,
    nowMs: 4000,
    memory: { rss: 2, heapUsed: 1 },
    accounts: accounts.map((state) => ({ ...account, state })),
    plugins: plugins.map((state) => ({ ...plugin, state })),
    database: { ok: databaseOk, latencyMs: 1, problem: databaseOk ? null : "STORAGE_CORRUPT" },
    journal: { ...journal, problem: journalProblem },
  }).status;
}

describe("healthOf()", () => {
  test("is ok when all is as it should be", () => {
    expect(statusOf(["online", "online"], ["running"])).toBe("ok");
    expect(statusOf(["online", "stopped"], ["disabled"])).toBe("ok");
    expect(statusOf([])).toBe("ok");
  });

  test("is degraded when a part fails", () => {
    expect(statusOf(["online", "offline"])).toBe("degraded");
    expect(statusOf(["frozen"])).toBe("degraded");
    expect(statusOf(["catching-up"])).toBe("degraded");
    expect(statusOf(["online"], ["running", "failed"])).toBe("degraded");
  });

  test("is degraded while Telegram restricts an account, and not for a wait", () => {
    const facts = (isRestriction: boolean) => ({
      version: "1",
      startedAtMs: 1000,
      nowMs: 4000,
      memory: { rss: 2, heapUsed: 1 },
      accounts: [{ ...account, waits: [{ method: "messages.sendMessage", untilMs: 5000, isRestriction }] }],
      plugins: [],
      database: { ok: true, latencyMs: 1, problem: null },
      journal,
    });
    expect(healthOf(facts(true)).status).toBe("degraded");
    expect(healthOf(facts(false))).toMatchObject({
      status: "ok",
      accounts: facts(false).accounts.map(({ waits }) => ({ waits })),
    });
  });

  test("is degraded while too much waits for a plugin", () => {
    expect(statusOf(["online"], ["running"], true, "too much")).toBe("degraded");
  });

  test("is down when no account can work, or the database cannot", () => {
    expect(statusOf(["offline", "logged-out"])).toBe("down");
    expect(statusOf(["waiting"])).toBe("down");
    expect(statusOf(["online"], [], false)).toBe("down");
  });
});

describe("isReady()", () => {
  test("waits for every account that is not stopped", () => {
    expect(isReady([account, { ...account, state: "catching-up" }])).toBe(false);
    expect(isReady([account, { ...account, state: "stopped" }])).toBe(true);
  });
});
