import { expect, test } from "bun:test";
import { Restarts } from "../../runtime/host/restarts.ts";

const minuteMs = 60_000;

test("Restarts.plan() doubles the time up to a minute, and gives up at the fifth end in ten minutes", () => {
  const restarts = new Restarts(30_000);
  const planned = [0, 1, 2, 3, 4].map((minute) => restarts.plan(() => undefined, minute * minuteMs));
  expect(planned).toEqual([30_000, 60_000, 60_000, 60_000, null]);
  restarts.cancel();
});

test("Restarts.plan() forgets what is long ago", () => {
  const restarts = new Restarts();
  for (let end = 0; end < 20; end++) expect(restarts.plan(() => undefined, end * 11 * minuteMs)).toBe(1_000);
  restarts.cancel();
});

test("Restarts.cancel() forgets a start that is planned", async () => {
  const restarts = new Restarts(1);
  const later = Promise.withResolvers<void>();
  let started = 0;
  restarts.plan(() => started++);
  restarts.cancel();
  restarts.plan(() => later.resolve());
  await later.promise;
  expect(started).toBe(0);
});
