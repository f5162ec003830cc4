import { describe, expect, test } from "bun:test";
import { Faults } from "../../../runtime/emulator/world/faults.ts";

const method = "messages.sendMessage";
const error = { kind: "error", errorCode: 400, errorMessage: "PEER_FLOOD" } as const;

/** What so many calls meet: `x` for a fault, `.` for none. */
function met(faults: Faults, calls: number): string {
  return Array.from({ length: calls }, () => (faults.meet(1, method) === undefined ? "." : "x")).join("");
}

describe("Faults.meet()", () => {
  test("lets so many calls by before a fault begins", () => {
    const faults = new Faults(() => 0);
    faults.add({ method, effect: error, times: 2, after: 3 });
    expect(met(faults, 7)).toBe("...xx..");
  });

  test("meets the same calls by chance for the same seed, and others for another", () => {
    const run = (seed: number) => {
      const faults = new Faults(() => 0);
      faults.seed(seed);
      faults.add({ method, effect: error, times: 1000, chance: 0.5 });
      return met(faults, 40);
    };
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
    expect(run(7)).toMatch(/x/);
    expect(run(7)).toMatch(/\./);
  });

  test("names the wait of an account without Premium until it is over", () => {
    let nowMs = 0;
    const faults = new Faults(() => nowMs);
    faults.add({ method, effect: { kind: "flood-wait", name: "FLOOD_PREMIUM_WAIT", seconds: 10 }, times: 1 });
    expect(faults.meet(1, method)).toMatchObject({ errorCode: 420, errorMessage: "FLOOD_PREMIUM_WAIT_10" });
    nowMs = 4000;
    expect(faults.meet(1, method)).toMatchObject({ errorMessage: "FLOOD_PREMIUM_WAIT_6" });
    nowMs = 10_000;
    expect(faults.meet(1, method)).toBeUndefined();
  });

  test("ends a slow mode with its answer, as other chats go by the same method", () => {
    const faults = new Faults(() => 0);
    faults.add({ method, effect: { kind: "flood-wait", name: "SLOWMODE_WAIT", seconds: 10 }, times: 1 });
    expect(faults.meet(1, method)).toMatchObject({ errorMessage: "SLOWMODE_WAIT_10" });
    expect(faults.meet(1, method)).toBeUndefined();
  });
});
