import { describe, expect, test } from "bun:test";
import { setImmediate } from "node:timers/promises";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import type { IncomingCall, Reply } from "../../runtime/wire/index.ts";
import { connect, connectRaw } from "./pipes.ts";

function failure(code: string): TelegraphistError {
  return new TelegraphistError({ code, category: "INVALID", message: "Cannot", retryable: true });
}

describe("Connection", () => {
  test("answers calls in both directions, with bytes beside", async () => {
    const serve = ({ method, params, attachment }: IncomingCall): Reply => ({
      value: [method, ...params],
      attachment: attachment?.toReversed() ?? null,
    });
    const { host, guest } = connect({ serve }, { serve });
    const attachment = new Uint8Array([1, 2, 3]);
    expect(await host.call("one", [1], { attachment })).toEqual({
      value: ["one", 1],
      attachment: new Uint8Array([3, 2, 1]),
    });
    expect(await guest.call("two", [null])).toEqual({ value: ["two", null], attachment: null });
  });

  test("fails a call with what the other side failed with", async () => {
    const { host } = connect({}, { serve: () => Promise.reject(failure("STORE_INVALID_KEY")) });
    await expect(host.call("set", [])).rejects.toMatchObject({ code: "STORE_INVALID_KEY", retryable: true });
  });

  test("fails a call whose answer is too large, and goes on", async () => {
    const large = "x".repeat(5 * 1024 ** 2);
    const { host } = connect({}, { serve: ({ method }) => ({ value: method === "large" ? large : 1 }) });
    await expect(host.call("large", [])).rejects.toMatchObject({ code: "WIRE_TOO_LARGE" });
    expect((await host.call("small", [])).value).toBe(1);
  });

  test("ends a call that is cancelled on the other side, and waits for its answer", async () => {
    const controller = new AbortController();
    const { host } = connect(
      {},
      {
        serve: ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      },
    );
    const call = host.call("wait", [], { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(host.call("wait", [], { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  test("tells progress to the caller that asked for it", async () => {
    const steps: unknown[] = [];
    const { host } = connect(
      {},
      {
        serve: ({ tellProgress }) => {
          tellProgress?.(1);
          tellProgress?.(2);
          return {};
        },
      },
    );
    await host.call("go", [], { onProgress: (step) => steps.push(step) });
    await host.call("go", []);
    expect(steps).toEqual([1, 2]);
  });

  test("holds calls back that the other side has no room for", async () => {
    let running = 0;
    let most = 0;
    const { host } = connect(
      {},
      {
        serve: async () => {
          most = Math.max(most, ++running);
          await setImmediate();
          running--;
          return {};
        },
      },
    );
    await Promise.all(Array.from({ length: 20 }, () => host.call("go", [])));
    expect(most).toBe(4);
  });

  test("fails what waits, for an answer or for room, when the other side is gone", async () => {
    const { host, end } = connect({}, { serve: () => new Promise(() => {}) });
    const calls = Array.from({ length: 6 }, () => host.call("go", []));
    const settled = Promise.allSettled(calls);
    end();
    expect((await host.ended).code).toBe("WIRE_CLOSED");
    for (const result of await settled) expect(result).toMatchObject({ reason: { code: "WIRE_CLOSED" } });
    await expect(host.call("go", [])).rejects.toMatchObject({ code: "WIRE_CLOSED" });
  });
});

describe("Connection with a hostile other side", () => {
  const call = (id: number) => ({ type: "call", id, method: "go", params: [] });

  test.each([
    ["an answer to no call", [{ type: "answer", id: 1, value: 1 }], "WIRE_OUT_OF_TURN"],
    ["a call that repeats a number", [call(1), call(1)], "WIRE_OUT_OF_TURN"],
    ["a call that leaves a number out", [call(2)], "WIRE_OUT_OF_TURN"],
    ["progress that nobody asked for", [{ type: "progress", id: 1, value: 1 }], "WIRE_OUT_OF_TURN"],
    ["a cancel of no call", [{ type: "cancel", id: 1 }], "WIRE_OUT_OF_TURN"],
    [
      "cancels without end",
      [call(1), { type: "cancel", id: 1 }, { type: "cancel", id: 1 }],
      "WIRE_OUT_OF_TURN",
    ],
    ["more calls than it may make", [1, 2, 3, 4, 5].map(call), "WIRE_CREDIT_EXCEEDED"],
    ["a message of no type", [{ type: "open", id: 1 }], "WIRE_MALFORMED"],
  ])("ends with %s", async (_, messages, code) => {
    const { host, say } = connectRaw({ serve: () => new Promise(() => {}) });
    for (const message of messages) say(message);
    expect((await host.ended).code).toBe(code);
  });

  test("ends when unanswered calls hold more than they may, and not when they are answered", async () => {
    const params = ["x".repeat(1_000)];
    const answers = Array.from({ length: 3 }, () => Promise.withResolvers<Reply>());
    const { host, say } = connectRaw({
      maxHeldBytes: 9_000,
      serve: ({ id }) => answers[id - 1]?.promise ?? {},
    });
    say({ ...call(1), params });
    say({ ...call(2), params });
    answers[0]?.resolve({});
    await setImmediate();
    say({ ...call(3), params });
    await setImmediate();
    expect(host.endReason).toBeNull();
    say({ ...call(4), params });
    expect((await host.ended).code).toBe("WIRE_CREDIT_EXCEEDED");
  });

  test("ends with a second answer", async () => {
    const { host, say } = connectRaw();
    const answered = host.call("ping", []);
    say({ type: "answer", id: 1, value: 1 });
    await answered;
    say({ type: "answer", id: 1, value: 1 });
    expect((await host.ended).code).toBe("WIRE_OUT_OF_TURN");
  });

  test("ends with what is no frame, and with one of 1 GiB", async () => {
    const noise = connectRaw();
    noise.sayBytes(new Uint8Array(64).fill(0x20));
    expect((await noise.host.ended).code).toBe("WIRE_TOO_LARGE");
    const large = connectRaw();
    large.sayBytes(new Uint8Array([0, 0, 0, 64, 0, 0, 0, 0]));
    expect((await large.host.ended).code).toBe("WIRE_TOO_LARGE");
  });

  test("ends with what the host refuses to be told", async () => {
    const { host, say } = connectRaw({
      onTold: () => {
        throw failure("WIRE_CREDIT_EXCEEDED");
      },
    });
    say({ type: "tell", topic: "log", value: {} });
    expect((await host.ended).code).toBe("WIRE_CREDIT_EXCEEDED");
  });
});
