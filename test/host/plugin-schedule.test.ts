import { expect, test } from "bun:test";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { PluginSchedule } from "../../runtime/host/plugin-schedule.ts";
import { PluginScheduleBook } from "../../runtime/host/schedule-book.ts";
import { cronDue } from "../../runtime/host/schedule-turns.ts";
import { createHandClock, Scope } from "../../runtime/scope/index.ts";
import { MemoryScheduleBook } from "./memory-schedule-book.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const hourMs = 3_600_000;

/** A life of a plugin with one book; a turn is over unless the life is told to end. */
function createBench(book = new MemoryScheduleBook(), clock = createHandClock(noon)) {
  const scope = new Scope("test", { clock });
  const due: [string, number][] = [];
  const problems: unknown[] = [];
  let isOver = true;
  const schedule = new PluginSchedule({
    scope,
    clock,
    book: new PluginScheduleBook(book, parsePluginName("plugin"), (error) => problems.push(error)),
    onDue: async (name, dueAtMs, handler) => {
      due.push([name, dueAtMs - noon]);
      // Neither is looked at by the handlers of these tests.
      await handler({} as never, {} as never);
      return isOver;
    },
  });
  const cutShort = () => {
    isOver = false;
  };
  return { clock, scope, due, schedule, book, problems, cutShort };
}

function beginBench() {
  const bench = createBench();
  bench.schedule.begin();
  return bench;
}

test("cronDue() follows the zone and the expression", () => {
  const next = cronDue("daily", "0 9 * * mon-fri", "Europe/Berlin");
  expect(new Date(next(noon) ?? 0).toISOString()).toBe("2026-01-02T08:00:00.000Z");
});

test("cronDue() refuses what cannot be read", () => {
  expect(() => cronDue("bad", "every day")).toThrow(expect.objectContaining({ code: "SCHEDULE_INVALID" }));
  expect(() => cronDue("bad", "* * * * *", "Mars/Base")).toThrow(
    expect.objectContaining({ code: "SCHEDULE_INVALID" }),
  );
});

test("Schedule.after() runs once, also after more than a timer can hold", async () => {
  const { clock, due, schedule } = beginBench();
  const monthMs = 30 * 86_400_000;
  schedule.after("later", monthMs, () => undefined);
  await clock.advance(2 * monthMs);
  expect(due).toEqual([["later", monthMs]]);
  expect(() => schedule.after("never", Number.NaN, () => undefined)).toThrow(
    expect.objectContaining({ code: "SCHEDULE_INVALID" }),
  );
});

test("Schedule replaces what a name was set to", async () => {
  const { clock, due, schedule } = beginBench();
  schedule.after("name", 1_000, () => undefined);
  schedule.after("name", 2_000, () => undefined);
  await clock.advance(5_000);
  expect(due).toEqual([["name", 2_000]]);
});

test("Schedule ends with its disposer and with its scope", async () => {
  const { clock, due, schedule, scope } = beginBench();
  const dispose = schedule.cron("one", "* * * * *", () => undefined);
  schedule.cron("two", "* * * * *", () => undefined);
  await clock.advance(60_000);
  await dispose();
  await clock.advance(60_000);
  await scope.dispose();
  await clock.advance(60_000);
  expect(due.map(([name]) => name)).toEqual(["one", "two", "two"]);
  expect(scope.effects).toEqual([]);
});

test("Schedule begins no turn before begin(), and makes up for those since it was told", async () => {
  const { clock, due, schedule } = createBench();
  schedule.cron("hour", "0 * * * *", () => undefined, { timeZone: "UTC" });
  await clock.advance(hourMs + 1);
  expect(due).toEqual([]);
  schedule.begin(noon);
  await clock.advance(0);
  expect(due).toEqual([["hour", hourMs]]);
});

test("Schedule.pause() lets the turn that runs come to its end, and begins none", async () => {
  const { clock, due, schedule } = beginBench();
  const ended = Promise.withResolvers<void>();
  schedule.cron("minute", "* * * * *", () => ended.promise);
  await clock.advance(60_000);
  const paused = schedule.pause();
  ended.resolve();
  await paused;
  await clock.advance(600_000);
  expect(due).toEqual([["minute", 60_000]]);
});

test("Schedule.after() with keep is due when it was due before, at once when that is past", async () => {
  const { book, clock, schedule: first } = beginBench();
  const keep = { keep: true };
  first.after("soon", hourMs, () => undefined, keep);
  first.after("late", 5 * hourMs, () => undefined, keep);
  await clock.advance(1);
  await first.pause();
  await clock.advance(2 * hourMs);
  const { due, schedule } = createBench(book, clock);
  schedule.after("soon", hourMs, () => undefined, keep);
  schedule.after("late", hourMs, () => undefined, keep);
  schedule.begin();
  await clock.advance(0);
  expect(due).toEqual([["soon", hourMs]]);
  await clock.advance(hourMs * 4);
  expect(due).toEqual([
    ["soon", hourMs],
    ["late", 5 * hourMs],
  ]);
  expect(book.times).toEqual({});
});

test("Schedule.after() with keep repeats a turn that was cut short, with the same time", async () => {
  const { book, clock, schedule: first, cutShort, due: before } = beginBench();
  first.after("kept", hourMs, () => undefined, { keep: true });
  cutShort();
  await clock.advance(hourMs);
  await first.pause();
  await clock.advance(hourMs);
  const { due, schedule } = createBench(book, clock);
  schedule.after("kept", 9 * hourMs, () => undefined, { keep: true });
  schedule.begin();
  await clock.advance(0);
  expect([before, due]).toEqual([[["kept", hourMs]], [["kept", hourMs]]]);
});

test("Schedule.after() with keep set anew by its own handler is the next turn", async () => {
  const { book, clock, due, schedule } = beginBench();
  const again = (): void => void schedule.after("chain", hourMs, again, { keep: true });
  again();
  await clock.advance(3 * hourMs);
  expect(due.map(([, atMs]) => atMs)).toEqual([hourMs, 2 * hourMs, 3 * hourMs]);
  expect(book.times).toEqual({ "after chain": noon + 4 * hourMs });
});

test("Schedule forgets a kept time that its disposer takes back", async () => {
  const { book, clock, due, schedule } = beginBench();
  const dispose = schedule.after("kept", hourMs, () => undefined, { keep: true });
  await clock.advance(1);
  expect(book.times).toEqual({ "after kept": noon + hourMs });
  await dispose();
  await clock.advance(2 * hourMs);
  expect([due, book.times]).toEqual([[], {}]);
});

test("Schedule.cron() makes up once for turns that were missed, with the time of the first", async () => {
  const { book, clock, schedule: first } = beginBench();
  const options = { timeZone: "UTC", missed: "once" } as const;
  first.cron("hour", "0 * * * *", () => undefined, options);
  await clock.advance(hourMs);
  await first.pause();
  await clock.advance(5.5 * hourMs);
  const { due, schedule } = createBench(book, clock);
  schedule.cron("hour", "0 * * * *", () => undefined, options);
  schedule.cron("skipped", "0 * * * *", () => undefined, { timeZone: "UTC" });
  schedule.begin();
  await clock.advance(0);
  expect(due).toEqual([["hour", 2 * hourMs]]);
  await clock.advance(hourMs);
  expect(due.slice(1).toSorted()).toEqual([
    ["hour", 7 * hourMs],
    ["skipped", 7 * hourMs],
  ]);
});

test("Schedule goes on where the book cannot be written, and tells so", async () => {
  const { book, clock, due, schedule, problems } = beginBench();
  book.isBroken = true;
  schedule.after("kept", hourMs, () => undefined, { keep: true });
  await clock.advance(hourMs);
  expect(due).toEqual([["kept", hourMs]]);
  expect(problems).toHaveLength(3);
});

test("Schedule refuses a name that no event could bear", () => {
  const { schedule } = beginBench();
  for (const name of ["", "x".repeat(101)]) {
    expect(() => schedule.after(name, 0, () => undefined)).toThrow(
      expect.objectContaining({ code: "SCHEDULE_INVALID" }),
    );
  }
});
