import { describe, expect, test } from "bun:test";
import { MessageIds, messageIdFault } from "../../../runtime/emulator/mtproto/message-ids.ts";

describe("MessageIds.next()", () => {
  test("rises strictly while the clock stands, creeps, or goes back", () => {
    let nowMs = 1_700_000_000_000;
    const ids = new MessageIds(() => nowMs);
    const made: bigint[] = [];
    for (const step of [0, 0, 0.000_1, 0, 0.001, 0.001, -5000, 0, 10_000]) {
      nowMs += step;
      for (let i = 0; i < 3; i++) made.push(ids.next(i === 1 ? "answer" : "own"));
    }
    expect(made.every((id, i) => id > (made[i - 1] ?? 0n))).toBe(true);
  });

  test("tells answers from own messages, and the second in the upper half", () => {
    const ids = new MessageIds(() => 1_700_000_000_500);
    expect(ids.next("answer") & 3n).toBe(1n);
    const own = ids.next("own");
    expect(own & 3n).toBe(3n);
    expect(own >> 32n).toBe(1_700_000_000n);
  });
});

describe("messageIdFault()", () => {
  test("takes what lies within 300 s before and 30 s after now", () => {
    const at = (seconds: number) => BigInt(seconds) << 32n;
    expect([-301, -299, 0, 29, 31].map((ahead) => messageIdFault(at(1000 + ahead), 1_000_000))).toEqual([
      16,
      null,
      null,
      null,
      17,
    ]);
  });
});
