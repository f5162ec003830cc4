import { describe, expect, test } from "bun:test";
import { createClock } from "../../runtime/scope/index.ts";

const hourMs = 3_600_000;

/** A machine whose time passes, and is set, by hand. */
function machine() {
  let wallMs = 1_000_000_000;
  let steadyMs = 0;
  const clock = createClock({ wall: () => wallMs, steady: () => steadyMs });
  const startMs = clock.now();
  return {
    sinceStartMs: () => clock.now() - startMs,
    pass(durationMs: number) {
      wallMs += durationMs;
      steadyMs += durationMs;
    },
    set(byMs: number) {
      wallMs += byMs;
    },
  };
}

describe("createClock().now", () => {
  test("goes on from where it stood when the machine's time is set back", () => {
    const { pass, set, sinceStartMs } = machine();
    pass(5);
    expect(sinceStartMs()).toBe(5);
    set(-hourMs);
    expect(sinceStartMs()).toBe(5);
    pass(10);
    expect(sinceStartMs()).toBe(15);
  });

  test("follows the machine's time forward, and is right again when that is set back from there", () => {
    const { pass, set, sinceStartMs } = machine();
    set(-hourMs);
    pass(10);
    expect(sinceStartMs()).toBe(10);
    set(hourMs);
    pass(10);
    expect(sinceStartMs()).toBe(20);
    set(hourMs);
    expect(sinceStartMs()).toBe(hourMs + 20);
  });
});
