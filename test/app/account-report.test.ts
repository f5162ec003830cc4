import { expect, test } from "bun:test";
import { accountReportOf } from "../../runtime/app/account-report.ts";
import { type ErrorRecord, parseAccountName, parseUserId } from "../../runtime/contract/index.ts";
import type { AccountHealth } from "../../runtime/telegram/index.ts";

const errorOf = (code: string): ErrorRecord => ({
  ...{ name: "TelegraphistError", code, category: "NETWORK", message: code },
  ...{ retryable: true, data: {} },
});

const health: AccountHealth = {
  name: parseAccountName("me"),
  state: { state: "online", sinceMs: 1, dataCentreId: 2 },
  latencyMs: 12,
  otherConnections: 3,
  reconnects: 4,
  lastHeardAtMs: 5,
  failuresInRow: 6,
  lastUpdateAtMs: 7,
  lastUsedAtMs: 8,
  lastError: errorOf("CONNECTION_LOST"),
  waits: [],
  callsWaiting: 9,
};
const report = (state: AccountHealth["state"]) => accountReportOf({ ...health, state }, parseUserId("42"));

test("tells all that the account knows of itself, and the last loss of an account that is well", () => {
  const { state, ...rest } = health;
  expect(report(state)).toEqual({
    ...rest,
    ...{ state: "online", sinceMs: 1, untilMs: null, retryAtMs: null, userId: parseUserId("42") },
  });
});

test("tells until when an account waits, and when one that is offline tries again", () => {
  const flood = errorOf("FLOOD_WAIT");
  expect(report({ state: "waiting", sinceMs: 1, untilMs: 60, error: flood })).toMatchObject({
    untilMs: 60,
    retryAtMs: null,
  });
  const error = errorOf("PING_TIMEOUT");
  const offline = report({ state: "offline", sinceMs: 1, retryAtMs: 70, error });
  expect(offline).toMatchObject({ untilMs: null, retryAtMs: 70, lastError: { code: "PING_TIMEOUT" } });
});

test("tells of a frozen account why it is frozen, not what it met before", () => {
  const error = errorOf("FROZEN_METHOD_INVALID");
  expect(report({ state: "frozen", sinceMs: 1, untilMs: 60, error }).lastError).toMatchObject({
    code: "FROZEN_METHOD_INVALID",
  });
});

test("tells the last loss where a state may have an error and has none", () => {
  expect(report({ state: "stopped", sinceMs: 1 }).lastError).toMatchObject({ code: "CONNECTION_LOST" });
});
