import { describe, expect, test } from "bun:test";
import { type ErrorCategory, TelegraphistError } from "../../runtime/contract/index.ts";
import { nextTry } from "../../runtime/host/retry-schedule.ts";
import { received } from "../support/sample-events.ts";

const event = received({ receivedAtMs: 0 });
const terms = { event, maxAttempts: 5, clock: { now: () => 0 } };

function failure(category: ErrorCategory, retryable: boolean, waitMs?: number): TelegraphistError {
  const data = waitMs === undefined ? {} : { waitMs };
  return new TelegraphistError({ code: "SAMPLE", category, message: "Cannot", retryable, data });
}

const before = (counted: number, given = counted) => ({ given, counted });

describe("nextTry()", () => {
  test("grows up to a minute, and ends with the last attempt", () => {
    const tries = [0, 1, 2, 3, 4].map((counted) => nextTry(new Error("x"), before(counted), terms));
    expect(tries).toEqual([
      { afterMs: 1_000, counted: 1 },
      { afterMs: 4_000, counted: 2 },
      { afterMs: 16_000, counted: 3 },
      { afterMs: 60_000, counted: 4 },
      null,
    ]);
  });

  test.each(["PERMISSION", "RIGHTS", "PRIVACY", "NOT_FOUND", "INVALID"] as const)(
    "sees no use in repeating what was refused for %s",
    (category) => {
      expect(nextTry(failure(category, false), before(0), terms)).toBeNull();
    },
  );

  test.each(["NETWORK", "FLOOD_WAIT", "STORAGE"] as const)(
    "goes on for a day with %s, which is not the event's fault, and does not count it",
    (category) => {
      const error = failure(category, true);
      expect(nextTry(error, before(4, 50), terms)).toEqual({ afterMs: 60_000, counted: 4 });
      const dayLater = { ...terms, clock: { now: () => 86_400_000 } };
      expect(nextTry(error, before(0), dayLater)).toEqual({ afterMs: 1_000, counted: 1 });
      expect(nextTry(error, before(4, 50), dayLater)).toBeNull();
    },
  );

  test("waits as long as Telegram asks for, a day at most", () => {
    expect(nextTry(failure("FLOOD_WAIT", true, 90_000), before(0), terms)?.afterMs).toBe(90_000);
    expect(nextTry(failure("FLOOD_WAIT", true, 1e9), before(0), terms)?.afterMs).toBe(86_400_000);
  });
});
