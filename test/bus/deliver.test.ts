import { describe, expect, test } from "bun:test";
import { createEventBus, type EventBus, type Ticket } from "../../runtime/bus/index.ts";
import type { TelegraphistEvent } from "../../runtime/contract/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { received } from "../support/sample-events.ts";

const ticket: Ticket = { seq: 7, formerAttempts: 2 };

function newBus(): EventBus {
  return createEventBus({ logger: createLogger({ format: "json", write: () => {} }), handlersAtOnce: 1 });
}

function delivered(bus: EventBus, event: TelegraphistEvent): Promise<boolean> {
  return new Promise((resolve) => bus.deliver("a", event, ticket, resolve));
}

describe("EventBus.deliver()", () => {
  test("reaches the owner's handlers alone, with the ticket", async () => {
    const bus = newBus();
    const seen: unknown[] = [];
    bus.subscribe("message.received", undefined, (_, given) => void seen.push(["a", given]), { owner: "a" });
    bus.subscribe("message.received", undefined, (_, given) => void seen.push(["b", given]), { owner: "b" });
    expect(await delivered(bus, received())).toBe(true);
    expect(seen).toEqual([["a", ticket]]);
  });

  test("tells at once that an event is handled which nobody subscribed to", () => {
    const answers: boolean[] = [];
    newBus().deliver("a", received(), ticket, (isHandled) => answers.push(isHandled));
    expect(answers).toEqual([true]);
  });

  test("waits for every handler, and tells when one left the event unhandled", async () => {
    const bus = newBus();
    const gate = Promise.withResolvers<void>();
    bus.subscribe("message.received", undefined, async () => false, { owner: "a" });
    bus.subscribe("message.received", undefined, () => gate.promise, { owner: "a" });
    let answer: boolean | null = null;
    const done = delivered(bus, received()).then((isHandled) => {
      answer = isHandled;
    });
    await Promise.resolve();
    expect(answer).toBeNull();
    gate.resolve();
    await done;
    expect<boolean | null>(answer).toBe(false);
  });

  test("leaves an event unhandled whose handler throws", async () => {
    const bus = newBus();
    const broken = () => Promise.reject(new Error("broken"));
    bus.subscribe("message.received", undefined, broken, { owner: "a" });
    expect(await delivered(bus, received())).toBe(false);
  });

  test("leaves an event unhandled whose handler was taken back before its turn", async () => {
    const bus = newBus();
    const gate = Promise.withResolvers<void>();
    const dispose = bus.subscribe("message.received", undefined, () => gate.promise, { owner: "a" });
    const first = delivered(bus, received());
    const second = delivered(bus, received());
    await dispose();
    gate.resolve();
    expect(await Promise.all([first, second])).toEqual([true, false]);
  });
});

describe("EventBus.emit()", () => {
  test("leaves out the owners that it is told to", async () => {
    const bus = newBus();
    const seen: string[] = [];
    for (const owner of ["a", "b"]) {
      bus.subscribe("message.received", undefined, () => void seen.push(owner), { owner });
    }
    await bus.emit(received(), { except: new Set(["a"]) });
    expect(seen).toEqual(["b"]);
  });
});
