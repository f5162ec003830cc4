import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api } from "telegram";
import type { MTProtoSender } from "telegram/network";
import { reportNewSession } from "../../../runtime/telegram/cures/report-new-session.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

/** Takes another session id, at which the server begins a session. */
function beginAnew(sender: MTProtoSender): void {
  Object.assign(internalsOf(sender)._state, { id: bigInt(42) });
}

describe("reportNewSession() (G1)", () => {
  test("tells that the server has begun a session anew, and keeps its salt", async () => {
    await using rig = startMtprotoRig({ "help.getNearestDc": nearestDc });
    const client = rig.rawClient();
    await client.connect();
    const sender = client._sender;
    if (sender === undefined) return expect.unreachable();
    let told = 0;
    reportNewSession(sender, () => {
      told += 1;
    });
    beginAnew(sender);
    expect(await sender.send(new Api.help.GetNearestDc())).toBeInstanceOf(Api.NearestDc);
    expect(told).toBe(1);
  });

  test("shows that GramJS by itself tells nobody", async () => {
    await using rig = startMtprotoRig({ "help.getNearestDc": nearestDc });
    const client = rig.rawClient();
    await client.connect();
    const told: unknown[] = [];
    const sender = client._sender;
    if (sender === undefined) return expect.unreachable();
    sender._updateCallback = (_: unknown, update: unknown) => told.push(update);
    beginAnew(sender);
    await sender.send(new Api.help.GetNearestDc());
    expect(told).toEqual([]);
  });
});
