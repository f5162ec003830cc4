import { describe, expect, test } from "bun:test";
import { acknowledgeInTime } from "../../../runtime/telegram/cures/acknowledge-in-time.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";
import { nearestDc, numbered, startMtprotoRig } from "../support/mtproto-rig.ts";

const updates = 1000;

async function acknowledgedBy(cure: boolean): Promise<number> {
  await using rig = startMtprotoRig({ "help.getNearestDc": nearestDc });
  const client = rig.rawClient();
  await client.connect();
  const sender = client._sender;
  if (sender === undefined) return expect.unreachable();
  if (cure) acknowledgeInTime(sender);
  const all = Promise.withResolvers<void>();
  let received = 0;
  sender._updateCallback = () => {
    received += 1;
    if (received === updates) all.resolve();
  };
  for (let pts = 0; pts < updates; pts += 1) rig.push(numbered(pts));
  await all.promise;
  return updates - internalsOf(sender)._pendingAck.size;
}

describe("acknowledgeInTime()", () => {
  test("lets acknowledgements leave without a request to go with", async () => {
    expect(await acknowledgedBy(true)).toBeGreaterThan(updates / 2);
  });

  test("shows that GramJS by itself keeps them all", async () => {
    expect(await acknowledgedBy(false)).toBeLessThanOrEqual(0);
  });
});
