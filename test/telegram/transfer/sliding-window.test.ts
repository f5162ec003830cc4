import { expect, test } from "bun:test";
import { slidingWindow } from "../../../runtime/telegram/transfer/sliding-window.ts";

test("slidingWindow() yields results in order, whichever is done first", async () => {
  const first = Promise.withResolvers<void>();
  const started: number[] = [];
  const window = slidingWindow({ count: 5, width: 3 }, async (index) => {
    started.push(index);
    if (index === 0) await first.promise;
    if (index === 2) first.resolve();
    return index;
  });
  expect(await Array.fromAsync(window)).toEqual([0, 1, 2, 3, 4]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test("slidingWindow() starts no more than its width before a result is taken", async () => {
  let running = 0;
  let most = 0;
  const window = slidingWindow({ count: 20, width: 4 }, async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  for await (const _ of window);
  expect(most).toBe(4);
});

test("slidingWindow() throws a later failure at once, and aborts what still runs", async () => {
  const aborted = Promise.withResolvers<void>();
  const window = slidingWindow({ count: 2, width: 2 }, (index, signal) => {
    if (index === 1) return Promise.reject(new Error("part 1 failed"));
    return new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => {
        aborted.resolve();
        reject(new Error("aborted"));
      }),
    );
  });
  await expect(window.next()).rejects.toThrow("part 1 failed");
  await aborted.promise;
});

test("slidingWindow() aborts the rest when the caller leaves", async () => {
  const signals: AbortSignal[] = [];
  const window = slidingWindow({ count: 10, width: 2 }, async (index, signal) => {
    signals.push(signal);
    return index;
  });
  for await (const index of window) if (index === 1) break;
  expect(signals.length).toBeLessThan(10);
  expect(signals.every((signal) => signal.aborted)).toBe(true);
});

test("slidingWindow() passes the caller's signal on", async () => {
  const stop = new AbortController();
  const window = slidingWindow({ count: 1, width: 1, signal: stop.signal }, (_, signal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(new Error("stopped")));
    return promise;
  });
  const next = window.next();
  stop.abort();
  await expect(next).rejects.toThrow("stopped");
});
