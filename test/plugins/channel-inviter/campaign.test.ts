import { describe, expect, test } from "bun:test";
import { type ErrorCategory, type InviteResult, parseUserId, TelegraphistError } from "telegraphist";
import {
  afterRestart,
  freshPerson,
  nextStep,
  type PersonState,
  stateAfter,
} from "../../../plugins/channel-inviter/campaign.ts";
import {
  blocked,
  capOpensAt,
  contacted,
  freshPace,
  type Pace,
  spaced,
} from "../../../plugins/channel-inviter/pace.ts";
import { createRandom } from "../../../plugins/channel-inviter/random.ts";
import { countPeople } from "../../../plugins/channel-inviter/report.ts";
import { verdictOfError, verdictOfInvite } from "../../../plugins/channel-inviter/verdict.ts";

const now = Date.parse("2026-03-02T12:00:00Z");
const dayMs = 86_400_000;
const people = ["@ada", "@bob"] as const;
const done = (state: "invited" | "refused"): PersonState => ({ state, atMs: now, reason: null });

function next(states: Readonly<Record<string, PersonState>>, pace: Pace = freshPace, bounds = {}) {
  return nextStep(people, (person) => states[person], pace, { dailyCap: 2, ...bounds }, now);
}

describe("nextStep()", () => {
  test("takes people in their order, those who are done left out", () => {
    expect(next({})).toEqual({ step: "contact", person: "@ada", state: freshPerson });
    expect(next({ "@ada": done("invited") })).toMatchObject({ step: "contact", person: "@bob" });
    expect(next({ "@ada": done("invited"), "@bob": done("refused") })).toEqual({ step: "finish" });
  });

  test("finishes even while the account may not go on", () => {
    const pace = blocked(freshPace, now + dayMs, "PEER_FLOOD");
    expect(next({ "@ada": done("invited"), "@bob": done("invited") }, pace)).toEqual({ step: "finish" });
  });

  test("waits for the spacing", () => {
    expect(next({}, spaced(freshPace, now, 90_000))).toEqual({
      step: "wait",
      untilMs: now + 90_000,
      reason: "spacing",
    });
    expect(next({}, spaced(freshPace, now - 90_000, 90_000))).toMatchObject({ step: "contact" });
  });

  test("waits until the oldest of the last 24 hours is over when the cap is reached", () => {
    const pace = contacted(contacted(freshPace, now - 5000), now - 1000);
    expect(next({}, pace)).toEqual({ step: "wait", untilMs: now - 5000 + dayMs, reason: "daily cap" });
    expect(next({}, pace, { dailyCap: 3 })).toMatchObject({ step: "contact" });
  });

  test("waits for the active hours", () => {
    const activeHours = { timeZone: "UTC", from: "14:00", to: "15:00" };
    expect(next({}, freshPace, { activeHours })).toEqual({
      step: "wait",
      untilMs: now + 2 * 3_600_000,
      reason: "active hours",
    });
  });

  test("waits out what Telegram asked for, before anything else", () => {
    const pace = blocked(spaced(freshPace, now, 1000), now + 60_000, "FLOOD_WAIT");
    expect(next({}, pace)).toEqual({ step: "wait", untilMs: now + 60_000, reason: "FLOOD_WAIT" });
  });

  test("takes others while one waits for another try, and then waits for it", () => {
    const later: PersonState = { ...freshPerson, attempts: 1, notBeforeMs: now + 1000 };
    expect(next({ "@ada": later })).toMatchObject({ step: "contact", person: "@bob" });
    expect(next({ "@ada": later, "@bob": done("invited") })).toEqual({
      step: "wait",
      untilMs: now + 1000,
      reason: "retry",
    });
  });
});

describe("the pace", () => {
  test("forgets who was contacted more than 24 hours ago", () => {
    const pace = contacted(contacted(freshPace, now - dayMs), now);
    expect(pace.contactedAtMs).toEqual([now]);
    expect(capOpensAt(pace, 1, now)).toBe(now + dayMs);
    expect(capOpensAt(pace, 1, now + dayMs)).toBe(now + dayMs);
  });

  test("keeps the longer of two blocks", () => {
    const long = blocked(freshPace, now + dayMs, "PEER_FLOOD");
    expect(blocked(long, now + 1000, "FLOOD_WAIT")).toEqual(long);
    expect(blocked(long, now + 2 * dayMs, "FLOOD_WAIT").blocked?.reason).toBe("FLOOD_WAIT");
  });
});

describe("stateAfter()", () => {
  const bounds = { maxAttempts: 3, nowMs: now, tried: freshPerson };

  test("is final for what is final", () => {
    expect(stateAfter({ verdict: "invited" }, freshPerson, bounds)).toEqual(done("invited"));
    expect(stateAfter({ verdict: "refused", reason: "USER_KICKED" }, freshPerson, bounds)).toEqual({
      state: "refused",
      atMs: now,
      reason: "USER_KICKED",
    });
  });

  test("tries again later each time, and gives up in the end", () => {
    const retry = { verdict: "retry", reason: "RPC_CALL_FAIL" } as const;
    const first = stateAfter(retry, freshPerson, bounds);
    expect(first).toEqual({ ...freshPerson, attempts: 1, notBeforeMs: now + 300_000 });
    const second = stateAfter(retry, first, bounds);
    expect(second).toEqual({ ...freshPerson, attempts: 2, notBeforeMs: now + 600_000 });
    expect(stateAfter(retry, second, bounds)).toEqual({
      state: "failed",
      atMs: now,
      reason: "RPC_CALL_FAIL",
    });
  });

  test("has only the link left when a pause came while it was sent", () => {
    const pause = { verdict: "pause", waitMs: 1000, reason: "FLOOD_WAIT" } as const;
    expect(stateAfter(pause, { state: "sending-link", atMs: now }, bounds)).toEqual({
      ...freshPerson,
      needsLink: true,
    });
    expect(stateAfter(pause, freshPerson, bounds)).toEqual(freshPerson);
  });

  test("never sends a link again that may have arrived", () => {
    const uncertain = { verdict: "uncertain", reason: "CALL_TIMEOUT" } as const;
    expect(stateAfter(uncertain, { state: "sending-link", atMs: now }, bounds)).toEqual({
      state: "failed",
      atMs: now,
      reason: "unconfirmed: CALL_TIMEOUT",
    });
    expect(afterRestart({ state: "sending-link", atMs: now })).toEqual({
      state: "link-sent",
      atMs: now,
      reason: "unconfirmed",
    });
    expect(afterRestart(freshPerson)).toBe(freshPerson);
  });
});

describe("verdictOfInvite()", () => {
  const result = (outcome: InviteResult["outcome"], reason: string | null = null) =>
    verdictOfInvite({ userId: parseUserId("42"), outcome, reason });

  test("reads who was not added although the call succeeded", () => {
    expect(result("added")).toEqual({ verdict: "invited" });
    expect(result("already")).toEqual({ verdict: "already" });
    expect(result("privacy")).toEqual({ verdict: "link-instead", reason: "privacy" });
    expect(result("refused", "USER_NOT_MUTUAL_CONTACT")).toMatchObject({ verdict: "link-instead" });
    expect(result("refused", "USER_KICKED")).toEqual({ verdict: "refused", reason: "USER_KICKED" });
    expect(verdictOfInvite(undefined)).toMatchObject({ verdict: "retry" });
  });
});

describe("verdictOfError()", () => {
  const error = (code: string, category: ErrorCategory, data = {}) =>
    new TelegraphistError({ code, category, message: "Cannot do it", data });

  test("pauses for as long as a flood wait says, and a day for PEER_FLOOD", () => {
    expect(verdictOfError(error("FLOOD_WAIT", "FLOOD_WAIT", { waitMs: 42_000 }), "invite")).toEqual({
      verdict: "pause",
      waitMs: 42_000,
      reason: "FLOOD_WAIT",
    });
    expect(verdictOfError(error("PEER_FLOOD", "FLOOD_BLOCK"), "message")).toMatchObject({
      verdict: "pause",
      waitMs: dayMs,
    });
    expect(verdictOfError(error("ACCOUNT_OFFLINE", "NETWORK"), "message")).toMatchObject({
      verdict: "pause",
    });
  });

  test.each([
    ["CHAT_ADMIN_REQUIRED", "RIGHTS", "invite", "stop"],
    ["CHAT_WRITE_FORBIDDEN", "RIGHTS", "link", "stop"],
    ["CHAT_WRITE_FORBIDDEN", "RIGHTS", "message", "refused"],
    ["CHANNEL_INVALID", "INVALID", "invite", "stop"],
    ["FROZEN_METHOD_INVALID", "FLOOD_BLOCK", "invite", "stop"],
    ["AUTH_KEY_UNREGISTERED", "AUTH", "resolve", "stop"],
    ["PERMISSION_DENIED", "PERMISSION", "message", "stop"],
    ["USER_PRIVACY_RESTRICTED", "PRIVACY", "invite", "link-instead"],
    ["USER_PRIVACY_RESTRICTED", "PRIVACY", "message", "refused"],
    ["USER_NOT_MUTUAL_CONTACT", "RIGHTS", "invite", "link-instead"],
    ["PEER_NOT_FOUND", "NOT_FOUND", "resolve", "refused"],
    ["RPC_CALL_FAIL", "NETWORK", "invite", "retry"],
    ["RPC_CALL_FAIL", "NETWORK", "message", "uncertain"],
    ["CALL_TIMEOUT", "CANCELLED", "message", "uncertain"],
  ] as const)("takes %s (%s) during %s for %s", (code, category, call, verdict) => {
    expect(verdictOfError(error(code, category), call)).toMatchObject({ verdict, reason: code });
  });

  test("tries again after something that is no error of ours", () => {
    expect(verdictOfError(new Error("socket hang up"), "invite")).toEqual({
      verdict: "retry",
      reason: "UNKNOWN",
    });
  });
});

test("createRandom() repeats itself for a seed, within 0 and 1", () => {
  const draw = (seed: number) => Array.from({ length: 200 }, createRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((number) => number >= 0 && number < 1)).toBe(true);
});

test("countPeople() has everyone in one place", () => {
  const states: PersonState[] = [
    freshPerson,
    { state: "sending-link", atMs: now },
    done("invited"),
    done("refused"),
  ];
  expect(countPeople(states)).toEqual({
    total: 4,
    pending: 2,
    invited: 1,
    already: 0,
    linksSent: 0,
    refused: 1,
    failed: 0,
    duplicates: 0,
  });
});
