import { describe, expect, test } from "bun:test";
import { type HandlerContext, parsePluginName, TelegraphistError } from "../../runtime/contract/index.ts";
import { EventHandlers } from "../../runtime/host/event-handlers.ts";
import { HandlerRunner } from "../../runtime/host/handler-runner.ts";
import type { DeadLetter } from "../../runtime/host/index.ts";
import { createHandClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { received } from "../support/sample-events.ts";
import { recordingTelegram } from "./recording-telegram.ts";

const plugin = parsePluginName("echo");
const logger = createLogger({ write: () => undefined });

/** Handlers of a plugin over a journal that notes what it is told. */
function createHandlers({ bury = async (_: DeadLetter) => "7" } = {}) {
  const clock = createHandClock();
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const { port } = recordingTelegram();
  const runner = new HandlerRunner({
    ...{ plugin, clock, counters },
    timeoutMs: 60_000,
    logOf: () => logger,
    telegramOf: () => port,
  });
  const told: unknown[] = [];
  const noted: unknown[] = [];
  const letters: DeadLetter[] = [];
  const handlers = new EventHandlers({
    ...{ plugin, runner, clock, logger },
    maxAttempts: 3,
    journal: {
      open: () => Promise.reject(new Error("Nobody opens it here")),
      withdraw: async () => undefined,
      noteAttempts: async (_, seq, attempts) => void noted.push([seq, attempts]),
      async bury(letter) {
        const id = await bury(letter);
        letters.push(letter);
        return id;
      },
    },
    onError: (error, phase, _, deadLetterId) => told.push([String(error), phase, deadLetterId]),
  });
  const handle = (
    run: (context: HandlerContext) => void | Promise<void>,
    formerAttempts = 0,
    seq = 9,
  ): Promise<boolean> => {
    const event = received({ receivedAtMs: clock.now() });
    const task = { event, phase: "handler", handler: "message.received 1", handle: run } as const;
    return handlers.handle(task, { seq, formerAttempts });
  };
  return { clock, runner, handlers, handle, told, noted, letters };
}

describe("EventHandlers.handle()", () => {
  test("gives the event again until its handler succeeds", async () => {
    const { clock, handle, told, noted, letters } = createHandlers();
    const attempts: number[] = [];
    const done = handle(({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error("not yet");
    });
    await clock.advance(1_000);
    await clock.advance(4_000);
    expect(await done).toBe(true);
    expect(attempts).toEqual([1, 2, 3]);
    // A second attempt is noted before it begins, in case that it ends the program.
    expect(noted).toEqual([
      [9, 1],
      [9, 2],
      [9, 2],
      [9, 3],
    ]);
    expect(told).toEqual([
      ["Error: not yet", "handler", undefined],
      ["Error: not yet", "handler", undefined],
    ]);
    expect(letters).toEqual([]);
  });

  test("puts the event aside after the last attempt, those of former lives counted", async () => {
    const { handle, told, letters } = createHandlers();
    const broken = () => Promise.reject(new Error("broken for Ada"));
    expect(await handle(broken, 2)).toBe(true);
    expect(letters).toMatchObject([{ plugin, attempts: 3, error: { code: "PLUGIN_HANDLER_FAILED" } }]);
    expect(letters[0]?.error.message).not.toContain("Ada");
    expect(told).toEqual([["Error: broken for Ada", "handler", "7"]]);
  });

  test("waits after a failure as long as the failures of this start ask for", async () => {
    const { clock, handle } = createHandlers();
    const attempts: number[] = [];
    const done = handle(({ attempt }) => {
      attempts.push(attempt);
      if (attempts.length === 1) throw new Error("not yet");
    }, 1);
    await clock.advance(1_000);
    expect(await done).toBe(true);
    expect(attempts).toEqual([2, 3]);
  });

  test("puts an event aside unseen that ended the program each time", async () => {
    const { handle, letters, told } = createHandlers();
    const never = () => Promise.reject(new Error("it was given"));
    expect(await handle(never, 3)).toBe(true);
    expect(letters).toMatchObject([{ plugin, attempts: 3, error: { code: "PLUGIN_KILLED_PROCESS" } }]);
    expect(told).toMatchObject([[expect.stringContaining("ended each time"), "handler", "7"]]);
  });

  test("gives suspects one at a time, and nobody else waits for them", async () => {
    const { handle, noted } = createHandlers();
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const first = handle(() => gates[0].promise, 2, 1);
    const second = handle(() => gates[1].promise, 2, 2);
    expect(await handle(() => undefined, 1, 3)).toBe(true);
    expect(noted).toEqual([
      [3, 2],
      [1, 3],
    ]);
    gates[0].resolve();
    expect(await first).toBe(true);
    gates[1].resolve();
    expect(await second).toBe(true);
    expect(noted.at(-1)).toEqual([2, 3]);
  });

  test("does not blame an event for the end of its plugin", async () => {
    const { runner, handle, noted } = createHandlers();
    const begun = Promise.withResolvers<void>();
    const done = handle(({ signal }) => {
      begun.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    }, 1);
    await begun.promise;
    await runner.stop();
    expect(await done).toBe(false);
    expect(noted).toEqual([
      [9, 2],
      [9, 1],
    ]);
  });

  test("gives an event again after Telegram's wait, however often, and does not count it", async () => {
    const { clock, handle, noted, letters } = createHandlers();
    const attempts: number[] = [];
    const waitMs = 120_000;
    const flooded = { code: "FLOOD_WAIT", category: "FLOOD_WAIT", message: "Cannot call" } as const;
    const done = handle(({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 6) throw new TelegraphistError({ ...flooded, retryable: true, data: { waitMs } });
    });
    for (let waits = 0; waits < 5; waits += 1) {
      await clock.advance(waitMs - 1);
      expect(attempts).toHaveLength(waits + 1);
      await clock.advance(1);
    }
    expect(await done).toBe(true);
    expect([attempts, noted, letters]).toEqual([[1, 2, 3, 4, 5, 6], [], []]);
  });

  test("puts an event aside at once that is refused for good", async () => {
    const { handle, letters } = createHandlers();
    const refused = new TelegraphistError({
      code: "CHAT_WRITE_FORBIDDEN",
      category: "RIGHTS",
      message: "Cannot write there",
    });
    expect(await handle(() => Promise.reject(refused))).toBe(true);
    expect(letters).toMatchObject([{ attempts: 1, error: { code: "CHAT_WRITE_FORBIDDEN" } }]);
  });

  test("keeps an event while it cannot even be put aside", async () => {
    let isFull = true;
    const bury = () => (isFull ? Promise.reject(new Error("full")) : Promise.resolve("7"));
    const { clock, handle, letters } = createHandlers({ bury });
    const done = handle(() => Promise.reject(new Error("broken")), 2);
    await clock.advance(59_000);
    isFull = false;
    expect(letters).toEqual([]);
    await clock.advance(1_000);
    expect(await done).toBe(true);
    expect(letters).toHaveLength(1);
  });

  test("leaves an event unhandled when the plugin stops between two attempts", async () => {
    const { clock, runner, handle, letters } = createHandlers();
    const done = handle(() => Promise.reject(new Error("broken")));
    await clock.advance(500);
    await runner.stop();
    expect(await done).toBe(false);
    expect(letters).toEqual([]);
  });

  test("counts an event as handled whose handler ends well while the plugin stops", async () => {
    const { runner, handle } = createHandlers();
    const gate = Promise.withResolvers<void>();
    const done = handle(() => gate.promise);
    const stopped = runner.stop();
    gate.resolve();
    await stopped;
    expect(await done).toBe(true);
    expect(await handle(() => undefined)).toBe(false);
  });

  test("gives an event once that no journal holds", async () => {
    const { handlers, told } = createHandlers();
    const handle = () => Promise.reject(new Error("broken"));
    const task = { event: received(), phase: "handler", handler: "message.received 1", handle } as const;
    expect(await handlers.handle(task, null)).toBe(true);
    expect(told).toHaveLength(1);
  });
});
