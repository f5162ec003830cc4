import { expect, test } from "bun:test";
import { createPluginSchedule, cronDue } from "../../runtime/host/plugin-schedule.ts";
import { createHandClock, Scope } from "../../runtime/scope/index.ts";

const noon = Date.UTC(2026, 0, 1, 12);

function createBench() {
  const clock = createHandClock(noon);
  const scope = new Scope("test", { clock });
  const due: [string, number][] = [];
  const schedule = createPluginSchedule({
    scope,
    clock,
    onDue: async (name, dueAtMs) => void due.push([name, dueAtMs - noon]),
  });
  return { clock, scope, due, schedule };
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
  const { clock, due, schedule } = createBench();
  const monthMs = 30 * 86_400_000;
  schedule.after("later", monthMs, () => undefined);
  await clock.advance(2 * monthMs);
  expect(due).toEqual([["later", monthMs]]);
  expect(() => schedule.after("never", Number.NaN, () => undefined)).toThrow(
    expect.objectContaining({ code: "SCHEDULE_INVALID" }),
  );
});

test("Schedule replaces what a name was set to", async () => {
  const { clock, due, schedule } = createBench();
  schedule.after("name", 1_000, () => undefined);
  schedule.after("name", 2_000, () => undefined);
  await clock.advance(5_000);
  expect(due).toEqual([["name", 2_000]]);
});

test("Schedule ends with its disposer and with its scope", async () => {
  const { clock, due, schedule, scope } = createBench();
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
