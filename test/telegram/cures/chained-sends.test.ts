import { describe, expect, test } from "bun:test";
import bigInt from "big-integer";
import { Api } from "telegram";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";

const refused = "refused";

const handlers: RpcHandlers = {
  "messages.sendMessage": ({ message }) => {
    if (message === refused) throw new RpcError(400, "MESSAGE_TOO_LONG");
    return { _: "updateShortSentMessage", out: true, id: 1, pts: 1, pts_count: 1, date: 1 };
  },
};

const messageOf = (message: string) =>
  new Api.messages.SendMessage({ peer: new Api.InputPeerSelf(), message, randomId: bigInt.one });

describe("MtprotoConnection.send() of messages that leave together", () => {
  test("lets the second go out when the first is refused", async () => {
    await using rig = startMtprotoRig(handlers);
    const connection = await rig.connect();
    const signal = AbortSignal.timeout(5000);
    const [first, second] = [refused, "good"].map((text) => connection.send(messageOf(text), signal));
    await expect(first).rejects.toMatchObject({ code: "MESSAGE_TOO_LONG" });
    expect(await second).toBeInstanceOf(Api.UpdateShortSentMessage);
  });

  test("shows that GramJS by itself lets it fail with the first", async () => {
    await using rig = startMtprotoRig(handlers);
    const client = rig.rawClient();
    await client.connect();
    const [first, second] = [refused, "good"].map((text) => client._sender?.send(messageOf(text)));
    await expect(first).rejects.toMatchObject({ errorMessage: "MESSAGE_TOO_LONG" });
    await expect(second).rejects.toThrow("Message failed to be sent");
  });
});
