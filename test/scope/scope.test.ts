import { describe, expect, test } from "bun:test";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import { createHandClock, Scope, sleepUntil, systemClock, withDeadline } from "../../runtime/scope/index.ts";

const tooLate = (): TelegraphistError =>
  new TelegraphistError({ code: "TEST_TIMEOUT", category: "CANCELLED", message: "Cannot wait: too late" });

describe("Scope", () => {
  test("dispose() undoes effects last made first, after the signal is aborted", async () => {
    const scope = new Scope("test");
    const seen: string[] = [];
    scope.signal.addEventListener("abort", () => seen.push("abort"));
    scope.own("first", () => void seen.push("first"));
    scope.own("second", async () => void seen.push("second"));
    await scope.dispose();
    expect(seen).toEqual(["abort", "second", "first"]);
    expect(scope.effects).toEqual([]);
  });

  test("dispose() goes on past a failing effect and names it", async () => {
    const scope = new Scope("test");
    const seen: string[] = [];
    scope.own("below", () => void seen.push("below"));
    scope.own("broken", () => {
      throw new Error("no");
    });
    expect(scope.dispose()).rejects.toMatchObject({
      code: "SCOPE_DISPOSE_FAILED",
      data: { effects: ["broken"] },
    });
    await scope.dispose().catch(() => undefined);
    expect(seen).toEqual(["below"]);
  });

  test("dispose() leaves a hanging effect behind at its deadline", async () => {
    const clock = createHandClock();
    const scope = new Scope("test", { clock, disposeTimeoutMs: 1_000 });
    let isUndone = false;
    scope.own("below", () => {
      isUndone = true;
    });
    scope.own("hanging", () => new Promise(() => undefined));
    const disposal = scope.dispose();
    disposal.catch(() => undefined);
    await clock.advance(500);
    await expect(disposal).rejects.toMatchObject({ data: { effects: ["hanging"] } });
    expect(isUndone).toBe(true);
  });

  test("own() returns a disposer that works once and leaves nothing to the scope", async () => {
    const scope = new Scope("test");
    let count = 0;
    const dispose = scope.own("effect", () => void count++);
    await dispose();
    await dispose();
    await scope.dispose();
    expect(count).toBe(1);
  });

  test("own() refuses an effect once the scope is disposed", async () => {
    const scope = new Scope("test");
    await scope.dispose();
    expect(() => scope.own("late", () => undefined)).toThrow(
      expect.objectContaining({ code: "SCOPE_DISPOSED" }),
    );
  });
});

describe("withDeadline()", () => {
  test("returns what the run returns and leaves no sleep behind", async () => {
    const clock = createHandClock();
    expect(await withDeadline(async () => 7, { timeoutMs: 10, onTimeout: tooLate, clock })).toBe(7);
    expect(clock.sleeping).toBe(0);
  });

  test("throws at the deadline and aborts the run's signal", async () => {
    const clock = createHandClock();
    let inner: AbortSignal | null = null;
    const run = withDeadline(
      (signal) => {
        inner = signal;
        return new Promise<void>(() => undefined);
      },
      { timeoutMs: 10, onTimeout: tooLate, clock },
    );
    run.catch(() => undefined);
    await clock.advance(10);
    await expect(run).rejects.toMatchObject({ code: "TEST_TIMEOUT" });
    expect(inner).toMatchObject({ aborted: true });
  });

  test("throws CANCELLED when the outer signal is aborted, before and during the run", async () => {
    const controller = new AbortController();
    const options = { timeoutMs: 10_000, onTimeout: tooLate, signal: controller.signal };
    const run = withDeadline(() => new Promise<void>(() => undefined), options);
    controller.abort();
    await expect(run).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(withDeadline(() => 1, options)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("clocks", () => {
  test("systemClock.sleep() ends early with CANCELLED", async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(60_000, { signal: controller.signal });
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(systemClock.sleep(1, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  test("systemClock.sleep() resolves when the time has passed", async () => {
    await systemClock.sleep(0);
  });

  test("HandClock.advance() wakes sleepers in order of time", async () => {
    const clock = createHandClock(1_000);
    const seen: number[] = [];
    void clock.sleep(20).then(() => seen.push(clock.now()));
    void clock.sleep(10).then(() => seen.push(clock.now()));
    await clock.advance(30);
    expect(seen).toEqual([1_010, 1_020]);
    expect(clock.now()).toBe(1_030);
  });

  test("sleepUntil() waits longer than one timer can", async () => {
    const clock = createHandClock();
    const dayMs = 86_400_000;
    let isOver = false;
    void sleepUntil(clock, 60 * dayMs, new AbortController().signal).then(() => {
      isOver = true;
    });
    await clock.advance(60 * dayMs - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(isOver).toBe(true);
  });
});
