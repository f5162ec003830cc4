import { expect, test } from "bun:test";
import { startOrderOf } from "../../runtime/host/start-order.ts";

const plugin = (name: string, ...requires: string[]) => ({ name, provides: [name], requires });

test("startOrderOf() puts each plugin behind those that it requires, else keeps the order", () => {
  const { order, faults } = startOrderOf([plugin("a", "c"), plugin("b"), plugin("c")]);
  expect(order.map(({ name }) => name)).toEqual(["c", "a", "b"]);
  expect(faults.size).toBe(0);
});

test("startOrderOf() names the circle, and no plugin outside it", () => {
  const { order, faults } = startOrderOf([plugin("a", "b"), plugin("b", "a"), plugin("c")]);
  expect(order.map(({ name }) => name)).toEqual(["c"]);
  expect([...faults.values()].map(({ code }) => code)).toEqual([
    "HOST_REQUIREMENT_CYCLE",
    "HOST_REQUIREMENT_CYCLE",
  ]);
  expect([...faults.values()][0]?.message).toContain("a → b → a");
});

test("startOrderOf() names what is missing", () => {
  const { faults } = startOrderOf([plugin("a", "gone")]);
  expect([...faults.values()][0]).toMatchObject({ code: "HOST_REQUIREMENT_MISSING" });
});
