import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api } from "telegram";
import type { MTProtoSender } from "telegram/network";
import { keepMessageTime, secondsOf } from "../../../runtime/telegram/cures/keep-message-time.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

const hourMs = 3_600_000;

async function connectedSender() {
  const rig = startMtprotoRig({ "help.getNearestDc": nearestDc });
  const client = rig.rawClient();
  await client.connect();
  const sender = client._sender;
  if (sender === undefined) throw new Error("Not connected");
  return { sender, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

/** The ids of the next messages, in the seconds that they name. */
function seconds(sender: MTProtoSender, count: number): number[] {
  return Array.from({ length: count }, () => secondsOf(internalsOf(sender)._state._getNewMsgId()));
}

describe("keepMessageTime()", () => {
  test("makes ids by the clock that it is given, each higher than the last", async () => {
    await using it = await connectedSender();
    let nowMs = 5_000_000;
    keepMessageTime(it.sender, () => nowMs);
    internalsOf(it.sender)._state.timeOffset = 0;
    const state = internalsOf(it.sender)._state;
    const ids: bigInt.BigInteger[] = [];
    for (const stepMs of [0, 0, 1, -1000, 2000]) {
      nowMs += stepMs;
      ids.push(state._getNewMsgId());
    }
    expect(ids.every((id, index) => id.greater(ids[index - 1] ?? 0) && id.mod(4).isZero())).toBe(true);
    expect(ids.map(secondsOf)).toEqual([5000, 5000, 5000, 5000, 5001]);
  });

  test("takes the server's time from one of its messages, be it earlier or later", async () => {
    await using it = await connectedSender();
    keepMessageTime(it.sender, () => 5_000_500);
    const { _state: state } = internalsOf(it.sender);
    for (const serverSeconds of [9000, 1000]) {
      state.updateTimeOffset(bigInt(serverSeconds).shiftLeft(32));
      expect(seconds(it.sender, 2)).toEqual([serverSeconds, serverSeconds]);
    }
  });

  test("lets no setting of the machine's clock into the ids, as GramJS by itself does", async () => {
    await using it = await connectedSender();
    const machine = Date;
    const [before = 0] = seconds(it.sender, 1);
    globalThis.Date = class extends machine {
      override getTime(): number {
        return super.getTime() + hourMs;
      }
    } as DateConstructor;
    try {
      expect(seconds(it.sender, 1)[0]).toBeGreaterThanOrEqual(before + 3600);
      keepMessageTime(it.sender, () => before * 1000);
      expect(seconds(it.sender, 1)).toEqual([before]);
    } finally {
      globalThis.Date = machine;
    }
    expect(await it.sender.send(new Api.help.GetNearestDc())).toBeInstanceOf(Api.NearestDc);
  });
});
