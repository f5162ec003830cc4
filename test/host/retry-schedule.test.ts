import { describe, expect, test } from "bun:test";
import { type ErrorCategory, TelegraphistError } from "../../runtime/contract/index.ts";
import { nextAttemptInMs } from "../../runtime/host/retry-schedule.ts";
import { received } from "../support/sample-events.ts";

const event = received({ receivedAtMs: 0 });
const terms = { event, maxAttempts: 5, clock: { now: () => 0 } };

function failure(category: ErrorCategory, retryable: boolean, waitMs?: number): TelegraphistError {
  const data = waitMs === undefined ? {} : { waitMs };
  return new TelegraphistError({ code: "SAMPLE", category, message: "Cannot", retryable, data });
}

describe("nextAttemptInMs()", () => {
  test("grows up to a minute, and ends with the last attempt", () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) => nextAttemptInMs(new Error("x"), attempt, terms));
    expect(delays).toEqual([1_000, 4_000, 16_000, 60_000, null]);
  });

  test.each(["PERMISSION", "RIGHTS", "PRIVACY", "NOT_FOUND", "INVALID"] as const)(
    "sees no use in repeating what was refused for %s",
    (category) => {
      expect(nextAttemptInMs(failure(category, false), 1, terms)).toBeNull();
    },
  );

  test.each(["NETWORK", "FLOOD_WAIT", "STORAGE"] as const)(
    "goes on for a day with %s, which is not the event's fault",
    (category) => {
      const error = failure(category, true);
      expect(nextAttemptInMs(error, 50, terms)).toBe(60_000);
      const dayLater = { ...terms, clock: { now: () => 86_400_000 } };
      expect(nextAttemptInMs(error, 50, dayLater)).toBeNull();
    },
  );

  test("waits as long as Telegram asks for, an hour at most", () => {
    expect(nextAttemptInMs(failure("FLOOD_WAIT", true, 90_000), 1, terms)).toBe(90_000);
    expect(nextAttemptInMs(failure("FLOOD_WAIT", true, 1e9), 1, terms)).toBe(3_600_000);
  });
});
