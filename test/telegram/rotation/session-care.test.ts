import { describe, expect, test } from "bun:test";
import { createHandClock } from "../../../runtime/scope/index.ts";
import { connectionLost, rpcError } from "../../../runtime/telegram/errors.ts";
import { careForSession, nextCare } from "../../../runtime/telegram/session-care.ts";
import { createLogger } from "../../../telemetry/index.ts";

interface LogEntry {
  readonly retryInMs?: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe("nextCare()", () => {
  test("verifies an hour after the last time, and renews at the age that is given", () => {
    const times = { createdAtMs: 1_000, verifiedAtMs: 5_000, rotationTriedAtMs: null };
    expect(nextCare(times, dayMs)).toEqual({ verifyAtMs: 5_000 + hourMs, rotateAtMs: 1_000 + dayMs });
  });

  test("never renews where nobody wants it", () => {
    const times = { createdAtMs: 0, verifiedAtMs: 0, rotationTriedAtMs: null };
    expect(nextCare(times, null).rotateAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("tries again a day after a renewal that failed", () => {
    const times = { createdAtMs: 0, verifiedAtMs: 0, rotationTriedAtMs: 10 * dayMs };
    expect(nextCare(times, 7 * dayMs).rotateAtMs).toBe(11 * dayMs);
  });
});

describe("careForSession()", () => {
  /** What is done for a session of an age, in hours of the clock. */
  function openCare(
    rotateAfterMs: number | null,
    {
      rotate = async () => undefined as unknown,
      endSpares = async () => undefined as unknown,
    }: { readonly rotate?: () => Promise<unknown>; readonly endSpares?: () => Promise<unknown> } = {},
  ) {
    const clock = createHandClock(0);
    const session = { createdAtMs: 0, isLoggedOut: false, lastVerifiedAtMs: 0 };
    const done: string[] = [];
    const lookedForSpares: number[] = [];
    const warned: LogEntry[] = [];
    const note = (what: string) => void done.push(`${what} at ${clock.now() / hourMs}`);
    const write = (line: string) => void warned.push(JSON.parse(line));
    const logger = createLogger({ level: "warn", format: "json", write });
    const end = new AbortController();
    const over = careForSession(
      {
        ...{ session, rotateAfterMs, clock, logger, random: () => 0 },
        reachable: async (signal) => signal.throwIfAborted(),
        async endSpares() {
          lookedForSpares.push(clock.now() / minuteMs);
          await endSpares();
        },
        async verify() {
          note("verified");
          session.lastVerifiedAtMs = clock.now();
        },
        async rotate() {
          note("renewed");
          await rotate();
          session.createdAtMs = clock.now();
        },
      },
      end.signal,
    );
    const pass = async (hours: number) => {
      for (let hour = 0; hour < hours; hour++) await clock.advance(hourMs);
    };
    const stop = async () => {
      end.abort();
      await over;
    };
    return { done, lookedForSpares, warned, pass, stop };
  }

  test("verifies a session every hour, and renews it when it is old enough", async () => {
    const care = openCare(2.5 * hourMs);
    await care.pass(3);
    expect(care.done).toEqual(["verified at 1", "verified at 2", "renewed at 2.5", "verified at 3"]);
    await care.stop();
  });

  test("goes on verifying after a renewal that failed, which it does not try again for a day", async () => {
    const care = openCare(hourMs, {
      rotate: () => Promise.reject(new Error("a person is needed")),
    });
    await care.pass(25);
    const renewals = care.done.filter((line) => line.startsWith("renewed"));
    expect(renewals).toEqual(["renewed at 1", "renewed at 25"]);
    expect(care.done.length).toBeGreaterThan(20);
    await care.stop();
  });

  test("verifies a session whatever becomes of those that are left, and looks for these once an hour at last", async () => {
    const care = openCare(null, { endSpares: () => Promise.reject(connectionLost("no answer")) });
    await care.pass(5);
    expect(care.done).toEqual([1, 2, 3, 4, 5].map((hour) => `verified at ${hour}`));
    expect(care.lookedForSpares).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    await care.stop();
  });

  test("tells why one that is left cannot be ended once, and again when the reason is another", async () => {
    const reasons = ["RPC_CALL_FAIL", "RPC_CALL_FAIL", "NOT_NOW", "RPC_CALL_FAIL"];
    const care = openCare(null, {
      async endSpares() {
        const text = reasons.shift();
        if (text !== undefined) throw rpcError({ rpcCode: 400, text, method: "auth.logOut" });
      },
    });
    await care.pass(2);
    expect(care.warned).toMatchObject([
      { error: { code: "RPC_CALL_FAIL" }, retryInMs: minuteMs },
      { error: { code: "NOT_NOW" }, retryInMs: 4 * minuteMs },
      { error: { code: "RPC_CALL_FAIL" }, retryInMs: 8 * minuteMs },
    ]);
    expect(care.lookedForSpares).toEqual([0, 1, 3, 7, 15, 75]);
    await care.stop();
  });

  test("leaves one alone for as long as Telegram says", async () => {
    const flood = rpcError({ rpcCode: 420, text: "FLOOD_WAIT_7200", method: "auth.logOut" });
    const care = openCare(null, { endSpares: () => Promise.reject(flood) });
    await care.pass(3);
    expect(care.lookedForSpares).toEqual([0, 120]);
    await care.stop();
  });

  test("renews no session while one of before is left, and does so once that is gone", async () => {
    let isLeft = true;
    const care = openCare(1.5 * hourMs, {
      async endSpares() {
        if (isLeft) throw connectionLost("no answer");
      },
    });
    await care.pass(3);
    expect(care.done).toEqual(["verified at 1", "verified at 2", "verified at 3"]);
    isLeft = false;
    await care.pass(1);
    // It was looked for 183 minutes after the beginning.
    expect(care.done.slice(3, 4)).toEqual(["renewed at 3.05"]);
    await care.stop();
  });

  test("looks for what a renewal left at once", async () => {
    const care = openCare(1.25 * hourMs, { rotate: () => Promise.reject(new Error("cut off")) });
    await care.pass(2);
    expect(care.lookedForSpares).toEqual([0, 60, 75]);
    await care.stop();
  });
});
