import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { RequestState } from "telegram/network/RequestState";
import { forgetRequest } from "../../../runtime/telegram/cures/forget-request.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

/** A server that answers `help.getInviteText` only when it is let, and tells when it was asked. */
function slowServer() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const rig = startMtprotoRig({
    "help.getNearestDc": nearestDc,
    "help.getInviteText": async () => {
      asked.resolve();
      await answer.promise;
      return { _: "help.inviteText", message: "come" };
    },
  });
  return { rig, asked: asked.promise, answer: answer.resolve };
}

describe("forgetRequest() (G5)", () => {
  test("settles a request that was sent, and keeps nothing of it", async () => {
    const { rig, asked } = slowServer();
    await using _ = rig;
    const client = rig.rawClient();
    await client.connect();
    const sender = client._sender;
    if (sender === undefined) return expect.unreachable();
    const state = new RequestState(new Api.help.GetInviteText());
    sender.addStateToQueue(state);
    await asked;
    expect(internalsOf(sender)._pendingState.values()).toEqual([state]);
    forgetRequest(sender, state, new Error("enough"));
    await expect(state.promise).rejects.toThrow("enough");
    expect(internalsOf(sender)._pendingState.values()).toEqual([]);
  });

  test("takes a request back before it was sent", async () => {
    const { rig } = slowServer();
    await using _ = rig;
    const client = rig.rawClient();
    await client.connect();
    const sender = client._sender;
    if (sender === undefined) return expect.unreachable();
    const state = new RequestState(new Api.help.GetInviteText());
    sender.addStateToQueue(state);
    forgetRequest(sender, state, new Error("enough"));
    await expect(state.promise).rejects.toThrow("enough");
    await sender.send(new Api.help.GetNearestDc());
    expect(rig.server.stats().rpcCalls["help.getInviteText"]).toBeUndefined();
  });
});

describe("GramJS's own requests (G5)", () => {
  test("shows that one which was never answered is sent again after a reconnect", async () => {
    const twice = Promise.withResolvers<void>();
    let asked = 0;
    await using rig = startMtprotoRig({
      "help.getInviteText": () => {
        asked += 1;
        if (asked === 1) rig.dropConnections();
        else twice.resolve();
        return new Promise(() => undefined);
      },
    });
    const client = rig.rawClient();
    await client.connect();
    // It takes neither a deadline nor a signal.
    void client.invoke(new Api.help.GetInviteText());
    await twice.promise;
    expect(asked).toBe(2);
  });
});

describe("MtprotoConnection.send() with a signal (G5)", () => {
  test("throws the signal's reason, drops the late answer, and goes on", async () => {
    const { rig, asked, answer } = slowServer();
    await using _ = rig;
    const connection = await rig.connect();
    const controller = new AbortController();
    const late = connection.send(new Api.help.GetInviteText(), controller.signal);
    await asked;
    controller.abort(new Error("enough"));
    await expect(late).rejects.toThrow("enough");
    answer();
    const after = await connection.send(new Api.help.GetNearestDc(), AbortSignal.timeout(5000));
    expect(after.country).toBe("XX");
  });
});
