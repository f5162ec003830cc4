import { describe, expect, test } from "bun:test";
import { playFaultScript, readFaultScript, startEmulator } from "../../../runtime/emulator/index.ts";

/** The problems of a script, as `path: message`. */
function problemsOf(value: unknown): readonly string[] {
  const read = readFaultScript(value);
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("readFaultScript()", () => {
  test("takes a fault for each step, with its turns", () => {
    const faults = [
      { "flood-wait": { method: "messages.sendMessage", seconds: 3 }, atMs: 200 },
      { "drop-connections": null, everyMs: 300, odds: 0.5 },
    ];
    expect(readFaultScript({ seed: 7, faults })).toMatchObject({
      ok: true,
      script: {
        seed: 7,
        steps: [
          { fault: "flood-wait", body: { seconds: 3 }, atMs: 200, everyMs: null, odds: 1 },
          { fault: "drop-connections", body: {}, atMs: 0, everyMs: 300, odds: 0.5 },
        ],
      },
    });
  });

  test.each([
    ["nothing", null, ": Expected object"],
    ["no steps", { faults: [] }, "faults: Expected array length to be greater or equal to 1"],
    ["a key that it does not know", { faults: [{ clear: null }], sed: 1 }, "sed: Unexpected property"],
    [
      "a seed below 0",
      { seed: -1, faults: [{ clear: null }] },
      "seed: must be a whole number from 0 to 4294967295",
    ],
    [
      "a time below 0",
      { faults: [{ clear: null, atMs: -1 }] },
      "faults.0.atMs: must be a whole number from 0 to 86400000",
    ],
    ["odds above 1", { faults: [{ clear: null, odds: 2 }] }, "faults.0.odds: must be a number from 0 to 1"],
    [
      "a wrong choice",
      { faults: [{ "break-frame": { how: "x" } }] },
      "faults.0.break-frame.how: must be one of cut, corrupt",
    ],
  ])("refuses %s", (_, value, problem) => {
    expect(problemsOf(value)).toContain(problem);
  });

  test.each([[{ nope: {} }], [{ atMs: 1 }], [{ clear: null, seed: { seed: 1 } }]])(
    "refuses a step that has not exactly one known fault: %j",
    (step) => {
      expect(problemsOf({ faults: [step] })).toEqual([
        expect.stringContaining("faults.0: must have one fault"),
      ]);
    },
  );
});

describe("playFaultScript()", () => {
  /** Plays until so many turns were had. */
  async function turnsOf(faults: readonly unknown[], count: number, seed = 0) {
    await using emulator = await startEmulator({ dataCentres: 1 });
    const read = readFaultScript({ seed, faults });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const stop = new AbortController();
    const turns: (readonly [string, string | null])[] = [];
    const onTurn = (fault: string, error: Error | null) => {
      turns.push([fault, error?.message ?? null]);
      if (turns.length === count) stop.abort();
    };
    await playFaultScript(read.script, { faults: emulator.world.faults, signal: stop.signal, onTurn });
    return turns;
  }

  test("ends by itself when no step has another turn, and plays each in its time", async () => {
    const faults = [{ "skew-clock": { aheadMs: 5 }, atMs: 30 }, { clear: null }];
    expect(await turnsOf(faults, 99)).toEqual([
      ["clear", null],
      ["skew-clock", null],
    ]);
  });

  test("repeats a step until its signal", async () => {
    expect(await turnsOf([{ clear: null, everyMs: 10 }], 3)).toHaveLength(3);
  });

  test("tells what a step was refused for, and goes on", async () => {
    const turns = await turnsOf([{ pushes: { effect: "drop", userId: "99" } }, { clear: null, atMs: 20 }], 2);
    expect(turns).toEqual([
      ["pushes", expect.stringContaining("USER_ID_INVALID")],
      ["clear", null],
    ]);
  });
});
