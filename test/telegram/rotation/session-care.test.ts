import { describe, expect, test } from "bun:test";
import { createHandClock } from "../../../runtime/scope/index.ts";
import { careForSession, nextCare } from "../../../runtime/telegram/session-care.ts";
import { silent } from "../support/mtproto-rig.ts";

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
  function openCare(rotateAfterMs: number | null, rotate = async () => undefined as unknown) {
    const clock = createHandClock(0);
    const session = { createdAtMs: 0, lastVerifiedAtMs: 0 };
    const done: string[] = [];
    const note = (what: string) => void done.push(`${what} at ${clock.now() / hourMs}`);
    const end = new AbortController();
    const over = careForSession(
      {
        ...{ session, rotateAfterMs, clock, logger: silent, random: () => 0 },
        reachable: async (signal) => signal.throwIfAborted(),
        endSpares: async () => undefined,
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
    return { done, pass, stop };
  }

  test("verifies a session every hour, and renews it when it is old enough", async () => {
    const care = openCare(2.5 * hourMs);
    await care.pass(3);
    expect(care.done).toEqual(["verified at 1", "verified at 2", "renewed at 2.5", "verified at 3"]);
    await care.stop();
  });

  test("goes on verifying after a renewal that failed, which it does not try again for a day", async () => {
    const care = openCare(hourMs, () => Promise.reject(new Error("a person is needed")));
    await care.pass(25);
    const renewals = care.done.filter((line) => line.startsWith("renewed"));
    expect(renewals).toEqual(["renewed at 1", "renewed at 25"]);
    expect(care.done.length).toBeGreaterThan(20);
    await care.stop();
  });
});
