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
  const failures: unknown[] = [];
  const letters: DeadLetter[] = [];
  const handlers = new EventHandlers({
    ...{ plugin, runner, clock, logger },
    maxAttempts: 3,
    journal: {
      open: () => Promise.reject(new Error("Nobody opens it here")),
      withdraw: async () => undefined,
      noteFailure: async (...failure) => void failures.push(failure),
      async bury(letter) {
        const id = await bury(letter);
        letters.push(letter);
        return id;
      },
    },
    onError: (error, phase, _, deadLetterId) => told.push([String(error), phase, deadLetterId]),
  });
  const handle = (run: (context: HandlerContext) => void | Promise<void>, formerAttempts = 0) => {
    const event = received({ receivedAtMs: clock.now() });
    const task = { event, phase: "handler", handler: "message.received 1", handle: run } as const;
    return handlers.handle(task, { seq: 9, formerAttempts });
  };
  return { clock, runner, handlers, handle, told, failures, letters };
}

describe("EventHandlers.handle()", () => {
  test("gives the event again until its handler succeeds", async () => {
    const { clock, handle, told, failures, letters } = createHandlers();
    const attempts: number[] = [];
    const done = handle(({ attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error("not yet");
    });
    await clock.advance(1_000);
    await clock.advance(4_000);
    expect(await done).toBe(true);
    expect(attempts).toEqual([1, 2, 3]);
    expect(failures).toEqual([
      [plugin, 9, 1],
      [plugin, 9, 2],
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
