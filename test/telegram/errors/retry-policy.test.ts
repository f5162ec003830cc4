import { describe, expect, test } from "bun:test";
import { rpcError } from "../../../runtime/telegram/errors.ts";
import { delayMs, nextDelayMs, reconnectPolicy } from "../../../runtime/telegram/retry-policy.ts";

const method = "help.getConfig";
const network = rpcError({ rpcCode: 500, text: "RPC_CALL_FAIL", method });
const invalid = rpcError({ rpcCode: 400, text: "MESSAGE_EMPTY", method });

describe("nextDelayMs()", () => {
  test("doubles with each attempt", () => {
    expect([1, 2, 3, 4, 5].map((attempt) => nextDelayMs(attempt, network, 0))).toEqual([
      300, 600, 1200, 2400, 4800,
    ]);
  });

  test("takes a part of the delay back by chance", () => {
    expect(nextDelayMs(1, network, 0.5)).toBe(255);
  });

  test("gives up when the retries are used up", () => {
    expect(nextDelayMs(6, network, 0)).toBeNull();
  });

  test("gives up at once on what no retry cures", () => {
    expect(nextDelayMs(1, invalid, 0)).toBeNull();
  });
});

describe("delayMs()", () => {
  test("never exceeds the policy's longest delay, and never gives up reconnecting", () => {
    expect(delayMs(reconnectPolicy, 1, 0)).toBe(250);
    expect(delayMs(reconnectPolicy, 1_000, 0)).toBe(60_000);
  });
});
