import { describe, expect, test } from "bun:test";
import { type PlanOptions, planOf } from "./plan.ts";

const options: PlanOptions = { messages: 400, seed: 7, chats: 20, kills: 12, drops: 5, faults: 9 };

describe("planOf()", () => {
  test("gives the same steps for the same seed", () => {
    expect(planOf(options)).toEqual(planOf(options));
  });

  test("gives other steps for another seed", () => {
    expect(planOf({ ...options, seed: 8 })).not.toEqual(planOf(options));
  });

  test("sends every number once, in order, over all chats", () => {
    const sends = planOf(options).filter((step) => step.kind === "send");
    expect(sends.map((step) => step.number)).toEqual(Array.from({ length: 400 }, (_, number) => number));
    expect(new Set(sends.map((step) => step.chat)).size).toBe(20);
  });

  test("disturbs as often as it was asked to", () => {
    const plan = planOf(options);
    const count = (kind: string) => plan.filter((step) => step.kind === kind).length;
    expect([count("kill"), count("drop"), count("fault")]).toEqual([6, 5, 9]);
    const fatal = plan.filter((step) => step.kind === "send" && step.fatal !== null);
    expect(fatal.length).toBeGreaterThan(3);
  });
});
