import { describe, expect, test } from "bun:test";
import { startEmulator } from "../../../runtime/emulator/index.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { DifferenceFaults } from "../../../runtime/emulator/world/difference-faults.ts";
import { type PushEffect, PushFaults } from "../../../runtime/emulator/world/push-faults.ts";

describe("PushFaults.deliver()", () => {
  test.each<[PushEffect, (number | string)[]]>([
    ["drop", [3, 4]],
    ["repeat", [1, 1, 2, 2, 3, 4]],
    ["reverse", [2, 1, 3, 4]],
    ["too-long", ["updatesTooLong", "updatesTooLong", 3, 4]],
    ["unknown", ["bytes", "bytes", 3, 4]],
  ])("lets two pushes %s, and no other", (effect, arrived) => {
    const faults = new PushFaults();
    faults.add({ userId: 7, effect, times: 2 });
    const sent: (number | string)[] = [];
    const nameOf = (instead: TlObject | Uint8Array) => (instead instanceof Uint8Array ? "bytes" : instead._);
    for (const push of [1, 2, 3, 4]) {
      faults.deliver(7, (instead) => sent.push(instead === undefined ? push : nameOf(instead)));
      faults.deliver(8, (instead) => expect(instead).toBeUndefined());
    }
    expect(sent).toEqual(arrived);
  });
});

describe("DifferenceFaults.meet()", () => {
  test("meets the channel that is named, and as often as is said", () => {
    const faults = new DifferenceFaults();
    faults.add({ chatId: -1001, effect: "outdated", times: 1 });
    faults.add({ effect: "too-long", times: 1 });
    expect(faults.meet(7, -1002)).toBe(false);
    expect(() => faults.meet(7, -1001)).toThrow("PERSISTENT_TIMESTAMP_OUTDATED");
    expect([faults.meet(7, -1001), faults.meet(7), faults.meet(7)]).toEqual([false, true, false]);
  });

  test("fails as Telegram does, for one person, until it is cleared", () => {
    const faults = new DifferenceFaults();
    faults.add({ userId: 7, effect: "history-failed", times: 9 });
    expect(faults.meet(8)).toBe(false);
    expect(() => faults.meet(7)).toThrow("HISTORY_GET_FAILED");
    faults.clear();
    expect(faults.meet(7)).toBe(false);
  });
});

test.each([
  ["pushes", '{"effect":"drop","times":3}', 200],
  ["pushes", '{"effect":"lose"}', 422],
  ["differences", '{"effect":"too-long"}', 200],
  ["differences", '{"effect":"outdated","chatId":"-1001"}', 400],
  ["difference-slices", '{"entries":7}', 200],
  ["difference-slices", '{"entries":0}', 422],
])("POST /faults/%s answers %s by %i", async (route, body, status) => {
  await using emulator = await startEmulator();
  const { status: answered } = await fetch(`${emulator.controlUrl}/faults/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(answered).toBe(status);
});
