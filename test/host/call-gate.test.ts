import { describe, expect, test } from "bun:test";
import {
  parseAccountName,
  parseEventId,
  parsePluginName,
  TelegraphistError,
} from "../../runtime/contract/index.ts";
import type { AuditEntry } from "../../runtime/host/audit.ts";
import { CallGate } from "../../runtime/host/call-gate.ts";
import { CallLimiter } from "../../runtime/host/call-limiter.ts";
import { handledEvent } from "../../runtime/host/handled-event.ts";

const plugin = parsePluginName("echo");

function createGate(limits?: ConstructorParameters<typeof CallLimiter>[0]) {
  const entries: AuditEntry[] = [];
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const time = { nowMs: 1_000 };
  const audit = { note: (entry: AuditEntry) => void entries.push(entry) };
  const gate = new CallGate({ plugin, counters, audit, limits, now: () => time.nowMs });
  return { gate, entries, counters, time };
}

const call = () => ({
  name: "telegram.send",
  account: parseAccountName("me"),
  target: "@ada",
});

describe("CallGate.pass()", () => {
  test("puts on record who called what, where, for how long, and in whose handler", async () => {
    const { gate, entries, counters, time } = createGate();
    await handledEvent.run(parseEventId("e1"), () =>
      gate.pass(call(), async () => {
        time.nowMs += 20;
      }),
    );
    expect(entries).toEqual([
      {
        atMs: 1_000,
        plugin,
        account: parseAccountName("me"),
        call: "telegram.send",
        target: "@ada",
        verdict: "allowed",
        permission: null,
        code: null,
        durationMs: 20,
        eventId: parseEventId("e1"),
        count: 1,
      },
    ]);
    expect(counters.calls).toBe(1);
  });

  test("tells a refusal with what was lacking from a failure, and neither says what was thrown", async () => {
    const { gate, entries } = createGate();
    const refused = new TelegraphistError({
      code: "PERMISSION_DENIED",
      category: "PERMISSION",
      message: "x",
      data: { permission: "read", value: "/etc/\u001b[2Jpasswd" },
    });
    for (const error of [refused, new Error("walnut")]) {
      await expect(gate.pass(call(), () => Promise.reject(error))).rejects.toBe(error);
    }
    expect(entries).toMatchObject([
      { verdict: "denied", code: "PERMISSION_DENIED", permission: "read", target: "/etc/�[2Jpasswd" },
      { verdict: "failed", code: "INTERNAL", permission: null, target: "@ada" },
    ]);
    expect(JSON.stringify(entries)).not.toContain("walnut");
  });

  test("refuses what is too much, says when to come again, and goes on then", async () => {
    const { gate, entries, time } = createGate({ callsPerSecond: 2, burst: 3, concurrentCalls: 10 });
    const pass = () => gate.pass(call(), async () => "done");
    for (let count = 0; count < 3; count++) expect(await pass()).toBe("done");
    await expect(pass()).rejects.toMatchObject({
      code: "PLUGIN_RATE_LIMITED",
      retryable: true,
      data: { waitMs: 500 },
    });
    expect(entries.at(-1)).toMatchObject({ verdict: "limited", code: "PLUGIN_RATE_LIMITED" });
    time.nowMs += 500;
    expect(await pass()).toBe("done");
  });

  test("holds the calls that are under way, and counts those that failed as over", async () => {
    const { gate } = createGate({ callsPerSecond: 100, burst: 100, concurrentCalls: 1 });
    const ended = Promise.withResolvers<void>();
    const first = gate.pass(call(), () => ended.promise);
    await expect(gate.pass(call(), async () => "second")).rejects.toMatchObject({ data: { waitMs: 1_000 } });
    ended.reject(new Error("x"));
    await first.catch(() => undefined);
    expect(await gate.pass(call(), async () => "third")).toBe("third");
  });
});

test("CallLimiter.take() fills up to the burst and no further, and not backwards", () => {
  const limiter = new CallLimiter({ callsPerSecond: 1, burst: 2, concurrentCalls: 100 });
  const taken = [0, 0, 0, 10_000, 10_000, 10_000, 9_000].map((nowMs) => limiter.take(nowMs));
  expect(taken).toEqual([0, 0, 1_000, 0, 0, 1_000, 1_000]);
});
