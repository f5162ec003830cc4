import { describe, expect, test } from "bun:test";
import { createDatabaseProbe } from "../../runtime/admin/database-probe.ts";

describe("createDatabaseProbe()", () => {
  test("gives an answer again until it is old", async () => {
    let nowMs = 0;
    let checks = 0;
    const check = async () => {
      checks++;
      return { ok: true };
    };
    const probe = createDatabaseProbe(check, { now: () => nowMs, keepMs: 100 });
    for (const atMs of [0, 99, 100, 150]) {
      nowMs = atMs;
      expect(await probe()).toEqual({ ok: true, latencyMs: 0, problem: null });
    }
    expect(checks).toBe(2);
  });

  test("does not wait for a check that hangs", async () => {
    const hanging = Promise.withResolvers<{ ok: boolean }>();
    const probe = createDatabaseProbe(() => hanging.promise, { now: () => 0, deadlineMs: 1 });
    expect(await probe()).toEqual({ ok: false, latencyMs: 0, problem: "ADMIN_TIMEOUT" });
    hanging.resolve({ ok: true });
  });

  test("turns what a check throws into a problem", async () => {
    const probe = createDatabaseProbe(() => Promise.reject(new TypeError("secret")), { now: () => 0 });
    expect(await probe()).toMatchObject({ ok: false, problem: "TypeError" });
  });
});
