import { expect, test } from "bun:test";
import type { Clock } from "../../runtime/contract/index.ts";
import { StorePace } from "../../runtime/host/store-pace.ts";
import { cancelled } from "../../runtime/scope/index.ts";

const mebibyte = 1024 ** 2;

/** A clock that a sleep moves on, and what was slept. */
function sleepingClock() {
  const slept: number[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    async sleep(durationMs, { signal } = {}) {
      if (signal?.aborted) throw cancelled("sleep");
      slept.push(durationMs);
      nowMs += durationMs;
    },
  };
  return { clock, slept, pass: (ms: number) => (nowMs += ms) };
}

test("StorePace lets a burst through, and the rest at 8 MiB a second", async () => {
  const { clock, slept, pass } = sleepingClock();
  const pace = new StorePace(clock, new AbortController().signal);
  const write = () => pace.take(mebibyte, async () => "written");
  for (let count = 0; count < 64; count++) expect(await write()).toBe("written");
  expect(slept).toEqual([]);
  await write();
  await write();
  expect(slept).toEqual([125, 125]);
  pass(1_000);
  for (let count = 0; count < 8; count++) await write();
  expect(slept).toHaveLength(2);
});

test("StorePace counts a page for a small write", async () => {
  const { clock, slept } = sleepingClock();
  const pace = new StorePace(clock, new AbortController().signal);
  for (let count = 0; count < (64 * mebibyte) / 4_096; count++) await pace.take(1, async () => {});
  expect(slept).toEqual([]);
  await pace.take(1, async () => {});
  expect(slept).toHaveLength(1);
});

test("StorePace has writes follow one another, also after one that fails", async () => {
  const pace = new StorePace(sleepingClock().clock, new AbortController().signal);
  const order: string[] = [];
  const failing = pace.take(1, async () => {
    await Promise.resolve();
    order.push("first");
    throw new Error("no luck");
  });
  const second = pace.take(1, async () => void order.push("second"));
  await expect(failing).rejects.toThrow("no luck");
  await second;
  expect(order).toEqual(["first", "second"]);
});

test("StorePace ends a wait with the plugin", async () => {
  const { clock } = sleepingClock();
  const pace = new StorePace(clock, AbortSignal.abort());
  await pace.take(64 * mebibyte, async () => {});
  await expect(pace.take(1, async () => {})).rejects.toMatchObject({ code: "CANCELLED" });
});
