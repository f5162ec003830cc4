import { describe, expect, test } from "bun:test";
import { parseAccountName } from "../../../runtime/contract/index.ts";
import { connectionLost, rpcError } from "../../../runtime/telegram/errors.ts";
import { stateLine } from "../../../runtime/telegram/state-line.ts";

const me = parseAccountName("me");
const sinceMs = 1_000;
const lost = connectionLost("it was cut").toJSON();
const invalid = rpcError({ rpcCode: 400, text: "API_ID_INVALID", method: "help.getConfig" }).toJSON();
const revoked = rpcError({ rpcCode: 401, text: "SESSION_REVOKED", method: "updates.getState" }).toJSON();

describe("stateLine()", () => {
  test("tells a state without a reason in passing", () => {
    expect(stateLine(me, { state: "connecting", sinceMs })).toEqual({
      level: "info",
      message: "The account's state changed",
      fields: { state: "connecting" },
    });
  });

  test("warns of what lasts for a time, with its reason and its end", () => {
    expect(stateLine(me, { state: "offline", sinceMs, error: lost, retryAtMs: 1_250 })).toEqual({
      level: "warn",
      message: "The connection to Telegram ended",
      fields: { state: "offline", error: lost, untilMs: 1_250 },
    });
    expect(stateLine(me, { state: "waiting", sinceMs, error: lost, untilMs: 2_000 })).toMatchObject({
      level: "warn",
      fields: { error: lost, untilMs: 2_000 },
    });
    const busy = { ...lost, code: "STORAGE_LOCKED", retryable: true };
    expect(stateLine(me, { state: "offline", sinceMs, error: busy, retryAtMs: null })).toMatchObject({
      level: "warn",
      message: "The account could not be started, and is tried again",
    });
    expect(stateLine(me, { state: "stopped", sinceMs, error: lost })).toMatchObject({ level: "warn" });
    expect(stateLine(me, { state: "stopped", sinceMs })).toMatchObject({ level: "info" });
  });

  test("says what to do where only a person can act", () => {
    expect(stateLine(me, { state: "offline", sinceMs, error: invalid, retryAtMs: null })).toEqual({
      level: "error",
      message: "The account stays offline: mend what is wrong and start the program anew",
      fields: { state: "offline", error: invalid },
    });
    expect(stateLine(me, { state: "logged-out", sinceMs, error: revoked })).toMatchObject({
      level: "error",
      message: 'The account has to log in again: run "telegraphist login me"',
      fields: { error: revoked },
    });
  });
});
