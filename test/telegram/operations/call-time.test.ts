import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { CallTime } from "../../../runtime/telegram/operations/call-time.ts";

test("CallTime gives each request what is left of the call's time", () => {
  let nowMs = 1_000;
  const call = new CallTime({ timeoutMs: 500 }, () => nowMs);
  expect(call.rpc()).toEqual({ timeoutMs: 500 });
  nowMs = 1_400;
  const chatId = parseChatId("42");
  expect(call.rpc(chatId)).toEqual({ timeoutMs: 100, chatId });
  nowMs = 1_500;
  expect(() => call.rpc()).toThrow(expect.objectContaining({ code: "CALL_TIMEOUT", category: "CANCELLED" }));
});

test("CallTime has a minute unless told otherwise", () => {
  expect(new CallTime({}, () => 0).rpc()).toEqual({ timeoutMs: 60_000 });
  expect(new CallTime({}, () => 0, 5_000).rpc()).toEqual({ timeoutMs: 5_000 });
});

test("CallTime ends with the caller's signal", () => {
  const stop = new AbortController();
  const call = new CallTime({ signal: stop.signal }, () => 0);
  expect(call.rpc().signal).toBe(stop.signal);
  stop.abort();
  expect(() => call.rpc()).toThrow(expect.objectContaining({ code: "CALL_CANCELLED" }));
});

test.each([0, -1, 3_600_001, Number.NaN])("CallTime refuses %d ms", (timeoutMs) => {
  expect(() => new CallTime({ timeoutMs }, () => 0)).toThrow(
    expect.objectContaining({ code: "CALL_INVALID" }),
  );
});

test("CallTime gives each request the call's priority", () => {
  expect(new CallTime({ priority: "background" }, () => 0).rpc()).toMatchObject({ priority: "background" });
});

test("CallTime refuses a priority that is none", () => {
  const options = JSON.parse('{ "priority": "urgent" }');
  expect(() => new CallTime(options, () => 0)).toThrow(expect.objectContaining({ code: "CALL_INVALID" }));
});
