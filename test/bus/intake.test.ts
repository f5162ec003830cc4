import { expect, test } from "bun:test";
import { createEventBus, Intake } from "../../runtime/bus/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { received } from "../support/sample-events.ts";

function createBench() {
  const bus = createEventBus({ logger: createLogger({ write: () => undefined }) });
  const handled: string[] = [];
  const ends: (() => void)[] = [];
  const subscribe = (name: string, intake: Intake) =>
    bus.subscribe(
      "message.received",
      undefined,
      async ({ text }) => {
        await new Promise<void>((resolve) => ends.push(resolve));
        handled.push(`${name} ${text}`);
      },
      { owner: "plugin", intake },
    );
  const next = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { bus, handled, subscribe, next };
}

test("Intake lets in what comes between open() and close(), in the order of the chat", async () => {
  const { bus, handled, subscribe, next } = createBench();
  const [old, later] = [new Intake(), new Intake()];
  subscribe("old", old);
  subscribe("later", later);
  await bus.emit(received({ text: "before" }));
  old.open();
  for (const text of ["one", "two"]) await bus.emit(received({ text }));
  const emptied = old.close();
  later.open();
  await bus.emit(received({ text: "three" }));
  for (let step = 0; step < 3; step++) await next();
  await emptied;
  expect(handled).toEqual(["old one", "old two", "later three"]);
});

test("Intake.close() leaves what came by deliver() and has not begun", async () => {
  const { bus, handled, subscribe, next } = createBench();
  const intake = new Intake();
  intake.open();
  subscribe("old", intake);
  const outcomes: [number, boolean][] = [];
  for (const seq of [1, 2]) {
    const event = received({ text: `${seq}` });
    bus.deliver("plugin", event, { seq, formerAttempts: 0 }, (isHandled) => outcomes.push([seq, isHandled]));
  }
  const emptied = intake.close();
  await next();
  await emptied;
  expect(handled).toEqual(["old 1"]);
  expect(outcomes).toEqual([
    [1, true],
    [2, false],
  ]);
});

test("Intake.close() resolves at once when nothing was taken", async () => {
  await new Intake().close();
});
