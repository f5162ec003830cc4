import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api } from "telegram";
import { RequestState } from "telegram/network/RequestState";
import type { TelegraphistError } from "../../../runtime/contract/index.ts";
import { heedRefusals } from "../../../runtime/telegram/cures/heed-refusals.ts";
import { keepMessageTime } from "../../../runtime/telegram/cures/keep-message-time.ts";
import { internalsOf } from "../../../runtime/telegram/cures/sender-internals.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

/** A client of a server whose clock can be set, and what the client refuses to go on for. */
async function connectedSender() {
  let setByMs = 0;
  const rig = startMtprotoRig({ "help.getNearestDc": nearestDc }, [2], () => Date.now() + setByMs);
  const client = rig.rawClient();
  await client.connect();
  const sender = client._sender;
  if (sender === undefined) throw new Error("Not connected");
  const ends: TelegraphistError[] = [];
  return {
    sender,
    ends,
    cure() {
      keepMessageTime(sender, Date.now);
      heedRefusals(sender, (reason) => void ends.push(reason));
    },
    setServer(byMs: number) {
      setByMs = byMs;
    },
    /** Hands the client a refusal of the request, which it has sent and the server has not answered. */
    async refuse(errorCode: number) {
      const internals = internalsOf(sender);
      const state = new RequestState(new Api.help.GetNearestDc());
      const badMsgId = internals._state._getNewMsgId();
      Object.assign(state, { msgId: badMsgId });
      internals._pendingState.set(badMsgId, state);
      const obj = new Api.BadMsgNotification({ badMsgId, badMsgSeqno: 1, errorCode });
      await internals._processMessage({ msgId: badMsgId.add(1), obj });
      return state.promise;
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

describe("heedRefusals()", () => {
  test("corrects the time, and sends again what was refused for it", async () => {
    await using it = await connectedSender();
    it.cure();
    it.setServer(3_600_000);
    expect(await it.sender.send(new Api.help.GetNearestDc())).toBeInstanceOf(Api.NearestDc);
    expect(it.ends).toEqual([]);
  });

  test("ends the session when the server's messages are no measure of its clock", async () => {
    await using it = await connectedSender();
    it.cure();
    it.setServer(-3_600_000);
    const refused = { code: "MESSAGE_REFUSED", category: "NETWORK", retryable: true, data: { refusal: 17 } };
    await expect(it.sender.send(new Api.help.GetNearestDc())).rejects.toMatchObject(refused);
    expect(it.ends).toMatchObject([refused]);
  });

  test.each([18, 19, 32, 33, 34, 35, 64])(
    "ends the session on code %i, and fails what was refused",
    async (code) => {
      await using it = await connectedSender();
      it.cure();
      await expect(it.refuse(code)).rejects.toMatchObject({
        code: "MESSAGE_REFUSED",
        data: { refusal: code },
      });
      expect(it.ends).toHaveLength(1);
    },
  );

  test("leaves it open whether a message that came too late was carried out", async () => {
    await using it = await connectedSender();
    it.cure();
    await expect(it.refuse(20)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("shows that GramJS by itself sends a refused message again without end", async () => {
    await using it = await connectedSender();
    it.setServer(-3_600_000);
    const internals = internalsOf(it.sender);
    const { promise: often, resolve } = Promise.withResolvers<void>();
    const correct = internals._state.updateTimeOffset.bind(internals._state);
    let corrections = 0;
    internals._state.updateTimeOffset = (messageId) => {
      corrections += 1;
      if (corrections < 20) return correct(messageId);
      resolve();
      // From here on it is right by what it cannot know.
      internals._state.timeOffset = -3600;
      Object.assign(internals._state, { _lastMsgId: bigInt.zero });
      return -3600;
    };
    expect(await it.sender.send(new Api.help.GetNearestDc())).toBeInstanceOf(Api.NearestDc);
    await often;
  });
});
