import { describe, expect, test } from "bun:test";
import { type HandlerContext, TelegraphistError } from "../../runtime/contract/index.ts";
import { GuestCalls } from "../../runtime/guest/guest-calls.ts";
import { GuestHandlers } from "../../runtime/guest/guest-handlers.ts";
import { received } from "../support/sample-events.ts";

// No handler here uses what it is given with its event.
const context = {} as HandlerContext;

/** Handlers whose calls are noted, and refused where they are to be. */
function createHandlers(refusal?: TelegraphistError) {
  const calls: unknown[] = [];
  const call = async (method: string, params: readonly unknown[]) => {
    calls.push([method, ...params]);
    if (refusal !== undefined) throw refusal;
    return { value: null, attachment: null };
  };
  return { calls, handlers: new GuestHandlers(new GuestCalls({ call })) };
}

describe("GuestHandlers.on()", () => {
  test("looks at an expression here, and leaves the rest of the filter to the host", async () => {
    const { calls, handlers } = createHandlers();
    const seen: unknown[] = [];
    handlers.on("message.received", { chat: "private", text: /order (\d+)/gi }, ({ match }) => {
      seen.push(match.groups);
    });
    expect(calls).toEqual([["on", 1, "message.received", { chat: "private" }]]);
    await handlers.handle(1, received({ text: "Order 12, order 13" }), context);
    await handlers.handle(1, received({ text: "nothing" }), context);
    expect(seen).toEqual([["12"]]);
  });

  test("leaves a plain text to the host", () => {
    const { calls, handlers } = createHandlers();
    handlers.on("message.received", { text: "order" }, () => {});
    expect(calls).toEqual([["on", 1, "message.received", { text: "order" }]]);
  });

  test("refuses an expression that cannot be read at once", () => {
    const { handlers } = createHandlers();
    expect(() => handlers.on("message.received", { text: { source: "(" } }, () => {})).toThrow(
      expect.objectContaining({ code: "FILTER_INVALID" }),
    );
  });

  test("has the refusal of the host in confirmed(), once", async () => {
    const refusal = new TelegraphistError({
      code: "PERMISSION_DENIED",
      category: "PERMISSION",
      message: "Cannot",
    });
    const { handlers } = createHandlers(refusal);
    handlers.on("message.received", () => {});
    await expect(handlers.confirmed()).rejects.toBe(refusal);
    await expect(handlers.confirmed()).resolves.toBeUndefined();
  });

  test("gives a handler nothing more when it was taken back, and takes it back once", async () => {
    const { calls, handlers } = createHandlers();
    let count = 0;
    const dispose = handlers.on("message.received", () => void count++);
    await handlers.handle(1, received(), context);
    await dispose();
    await dispose();
    await handlers.handle(1, received(), context);
    expect(count).toBe(1);
    expect(calls.slice(1)).toEqual([["off", 1]]);
  });
});
