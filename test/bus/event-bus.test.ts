import { describe, expect, test } from "bun:test";
import { createEventBus, type EventBus } from "../../runtime/bus/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { chatWith, received } from "../support/sample-events.ts";

function createBus(
  options: { queueSize?: number; handlersAtOnce?: number } = {},
  lines: string[] = [],
): EventBus {
  return createEventBus({ logger: createLogger({ write: (line) => void lines.push(line) }), ...options });
}

describe("EventBus.emit()", () => {
  test("keeps the order within a chat and lets chats run side by side", async () => {
    const bus = createBus();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    bus.subscribe(
      "message.received",
      undefined,
      async (event) => {
        if (event.text === "a1") await gate.promise;
        seen.push(event.text);
      },
      { owner: "test" },
    );
    await bus.emit(received({ text: "a1" }));
    await bus.emit(received({ text: "a2" }));
    await bus.emit(received({ text: "b1", chat: chatWith("7") }));
    expect(seen).toEqual(["b1"]);
    gate.resolve();
    await bus.drain();
    expect(seen).toEqual(["b1", "a1", "a2"]);
  });

  test("keeps the order of one owner's handlers over several subscriptions", async () => {
    const bus = createBus();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    bus.subscribe("message.received", undefined, () => gate.promise.then(() => void seen.push("first")), {
      owner: "test",
    });
    bus.subscribe("message.received", undefined, () => void seen.push("second"), { owner: "test" });
    bus.subscribe("message.received", undefined, () => void seen.push("other"), { owner: "other" });
    await bus.emit(received());
    expect(seen).toEqual(["other"]);
    gate.resolve();
    await bus.drain();
    expect(seen).toEqual(["other", "first", "second"]);
  });

  test("reaches later listeners when one throws or rejects, and logs the code alone", async () => {
    const lines: string[] = [];
    const bus = createBus({}, lines);
    let count = 0;
    bus.subscribe(
      "message.received",
      undefined,
      () => {
        throw new Error("hello");
      },
      { owner: "a" },
    );
    bus.subscribe(
      "message.received",
      undefined,
      async () => {
        throw new Error("hello");
      },
      { owner: "b" },
    );
    bus.subscribe("message.received", undefined, () => void count++, { owner: "c" });
    await bus.emit(received());
    await bus.drain();
    expect(count).toBe(1);
    expect(bus.stats().subscriptions.map(({ errors }) => errors)).toEqual([1, 1, 0]);
    expect(lines.length).toBe(2);
    expect(lines.join("")).not.toContain("hello");
  });

  test("waits while a queue is full and goes on in order", async () => {
    const bus = createBus({ queueSize: 2 });
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    bus.subscribe(
      "message.received",
      undefined,
      (event) => gate.promise.then(() => void seen.push(event.text)),
      { owner: "test" },
    );
    const taken: string[] = [];
    const emits = ["1", "2", "3", "4"].map((text) =>
      bus.emit(received({ text })).then(() => void taken.push(text)),
    );
    await Promise.all(emits.slice(0, 2));
    expect(taken).toEqual(["1", "2"]);
    expect(bus.stats().subscriptions[0]?.depth).toBe(4);
    gate.resolve();
    await Promise.all(emits);
    await bus.drain();
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  test("bounds how many chats one owner handles at once", async () => {
    const bus = createBus({ handlersAtOnce: 2 });
    const gate = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    bus.subscribe(
      "message.received",
      undefined,
      async () => {
        most = Math.max(most, ++running);
        await gate.promise;
        running--;
      },
      { owner: "test" },
    );
    for (const id of ["1", "2", "3", "4", "5"]) await bus.emit(received({ chat: chatWith(id) }));
    gate.resolve();
    await bus.drain();
    expect(most).toBe(2);
    expect(bus.stats().subscriptions[0]?.delivered).toBe(5);
  });

  test("delivers what admit makes of an event, before the filter sees it", async () => {
    const bus = createBus();
    const seen: string[] = [];
    bus.subscribe("message.received", { text: "secret" }, (event) => void seen.push(event.text), {
      owner: "test",
      admit: (event) => (event.type === "message.received" ? { ...event, text: "" } : null),
    });
    await bus.emit(received({ text: "secret" }));
    expect(seen).toEqual([]);
  });

  test("delivers an event that a handler emits", async () => {
    const bus = createBus();
    const seen: string[] = [];
    bus.subscribe(
      "message.received",
      undefined,
      async (event) => {
        seen.push(event.text);
        if (event.text === "one") await bus.emit(received({ text: "two" }));
      },
      { owner: "test" },
    );
    await bus.emit(received({ text: "one" }));
    await bus.drain();
    expect(seen).toEqual(["one", "two"]);
  });
});

describe("EventBus.subscribe()", () => {
  test("returns a disposer that drops what waits and lets emitters go on", async () => {
    const bus = createBus({ queueSize: 1 });
    const gate = Promise.withResolvers<void>();
    let count = 0;
    const dispose = bus.subscribe(
      "message.received",
      undefined,
      () => {
        count++;
        return gate.promise;
      },
      { owner: "test" },
    );
    await bus.emit(received());
    const blocked = bus.emit(received());
    await dispose();
    await dispose();
    await blocked;
    gate.resolve();
    await bus.drain();
    expect(count).toBe(1);
    expect(bus.stats()).toMatchObject({ pending: 0, subscriptions: [] });
  });
});

test("EventBus.drain() ends with CANCELLED when its signal is aborted", async () => {
  const bus = createBus();
  const gate = Promise.withResolvers<void>();
  bus.subscribe("message.received", undefined, () => gate.promise, { owner: "test" });
  await bus.emit(received());
  const controller = new AbortController();
  const drained = bus.drain(controller.signal);
  controller.abort();
  await expect(drained).rejects.toMatchObject({ code: "CANCELLED" });
  gate.resolve();
  await bus.drain();
});

test("EventBus.recent() lists the newest first, without texts, and forgets the oldest", async () => {
  const bus = createEventBus({ logger: createLogger({ write: () => undefined }), recentSize: 3 });
  const events = ["a", "b", "c", "d"].map((text) => received({ text: `text ${text}` }));
  for (const event of events) await bus.emit(event);
  expect(bus.recent(2).map(({ id }) => id)).toEqual([events[3]?.id, events[2]?.id].flatMap((id) => id ?? []));
  expect(bus.recent(10)).toHaveLength(3);
  expect(JSON.stringify(bus.recent(10))).not.toContain("text");
});
