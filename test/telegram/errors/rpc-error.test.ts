import { describe, expect, test } from "bun:test";
import {
  homeMigrationOf,
  isLoggedOut,
  migrationOf,
  rpcError,
  waitMsOf,
} from "../../../runtime/telegram/errors.ts";

const errorOf = (rpcCode: number, text: string) =>
  rpcError({ rpcCode, text, method: "messages.sendMessage" });

describe("rpcError()", () => {
  test.each([
    [420, "FLOOD_WAIT_30", "FLOOD_WAIT", "FLOOD_WAIT", 30_000],
    [420, "FLOOD_PREMIUM_WAIT_3", "FLOOD_PREMIUM_WAIT", "FLOOD_WAIT", 3000],
    [420, "SLOWMODE_WAIT_10", "SLOWMODE_WAIT", "FLOOD_WAIT", 10_000],
    [420, "2FA_CONFIRM_WAIT_60", "2FA_CONFIRM_WAIT", "FLOOD_WAIT", 60_000],
    [406, "SESSION_TOO_FRESH_86400", "SESSION_TOO_FRESH", "FLOOD_WAIT", 86_400_000],
  ] as const)("makes a wait of %i %s", (rpcCode, text, code, category, waitMs) => {
    const error = errorOf(rpcCode, text);
    expect(error).toMatchObject({ code, category, retryable: true });
    expect(waitMsOf(error)).toBe(waitMs);
  });

  test.each([
    [400, "PHONE_CODE_INVALID", "AUTH", false],
    [400, "PHONE_CODE_EXPIRED", "AUTH", false],
    [401, "SESSION_PASSWORD_NEEDED", "AUTH", false],
    [500, "AUTH_RESTART", "AUTH", true],
    [401, "SESSION_EXPIRED", "AUTH", false],
    [401, "SOMETHING_NEW", "AUTH", false],
    [400, "PEER_FLOOD", "FLOOD_BLOCK", false],
    [420, "FROZEN_METHOD_INVALID", "FLOOD_BLOCK", false],
    [403, "USER_PRIVACY_RESTRICTED", "PRIVACY", false],
    [403, "CHAT_WRITE_FORBIDDEN", "RIGHTS", false],
    [403, "SOMETHING_NEW", "RIGHTS", false],
    [400, "USERNAME_NOT_OCCUPIED", "NOT_FOUND", false],
    [400, "STICKERSET_NOT_FOUND", "NOT_FOUND", false],
    [400, "FILE_REFERENCE_EXPIRED", "NOT_FOUND", false],
    [400, "MESSAGE_EMPTY", "INVALID", false],
    [500, "INTERDC_2_CALL_ERROR", "NETWORK", true],
    [-503, "Timeout", "NETWORK", true],
  ] as const)("sorts %i %s into %s", (rpcCode, text, category, retryable) => {
    expect(errorOf(rpcCode, text)).toMatchObject({ category, retryable });
  });

  test("keeps Telegram's name without the number, and the number beside it", () => {
    const error = errorOf(400, "FILE_PART_7_MISSING");
    expect(error.code).toBe("FILE_PART_MISSING");
    expect(error.data).toEqual({ method: "messages.sendMessage", rpcCode: 400, value: 7 });
  });

  test("says what to do about a login", () => {
    expect(errorOf(401, "SESSION_PASSWORD_NEEDED").message).toBe(
      'Cannot call "messages.sendMessage": SESSION_PASSWORD_NEEDED, the account has two-step verification, give its password',
    );
  });

  test("is no property of Object's prototype", () => {
    expect(errorOf(400, "constructor")).toMatchObject({ code: "constructor", category: "INVALID" });
  });
});

describe("migrationOf()", () => {
  test("tells the data centre", () => {
    expect(migrationOf(errorOf(303, "PHONE_MIGRATE_4"))).toBe(4);
    expect(migrationOf(errorOf(303, "FILE_MIGRATE_2"))).toBe(2);
  });

  test("is null for other errors", () => {
    expect(migrationOf(errorOf(420, "FLOOD_WAIT_4"))).toBeNull();
  });
});

describe("homeMigrationOf()", () => {
  test("tells where the account lives, and not where a file or figures are", () => {
    expect(
      ["USER", "PHONE", "NETWORK", "FILE", "STATS"].map((what) =>
        homeMigrationOf(errorOf(303, `${what}_MIGRATE_4`)),
      ),
    ).toEqual([4, 4, 4, null, null]);
  });
});

describe("isLoggedOut()", () => {
  test.each([
    "AUTH_KEY_UNREGISTERED",
    "SESSION_REVOKED",
    "SESSION_EXPIRED",
    "USER_DEACTIVATED",
    "USER_DEACTIVATED_BAN",
    "AUTH_KEY_DUPLICATED",
  ])("holds for %s", (text) => {
    expect(isLoggedOut(errorOf(401, text))).toBe(true);
  });

  test.each([
    [420, "FLOOD_WAIT_5"],
    [500, "RPC_CALL_FAIL"],
    [401, "SESSION_PASSWORD_NEEDED"],
  ] as const)("does not hold for %i %s", (rpcCode, text) => {
    expect(isLoggedOut(errorOf(rpcCode, text))).toBe(false);
  });
});
