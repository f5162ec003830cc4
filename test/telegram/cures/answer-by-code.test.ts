import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import { answerByCode } from "../../../runtime/telegram/cures/answer-by-code.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";

const failing = {
  "help.getInviteText": () => {
    throw new RpcError(420, "FLOOD_PREMIUM_WAIT_7");
  },
};

async function errorOf(cure: boolean): Promise<unknown> {
  await using rig = startMtprotoRig(failing);
  const client = rig.rawClient();
  await client.connect();
  const sender = client._sender;
  if (sender === undefined) return expect.unreachable();
  if (cure) answerByCode(sender);
  return await sender.send(new Api.help.GetInviteText())?.catch((error: unknown) => error);
}

describe("answerByCode() (G7)", () => {
  test("rejects with Telegram's name, its number, and the method", async () => {
    expect(await errorOf(true)).toMatchObject({
      code: "FLOOD_PREMIUM_WAIT",
      category: "FLOOD_WAIT",
      data: { waitMs: 7000, rpcCode: 420, method: "help.getInviteText" },
    });
  });

  test("shows that GramJS by itself forgets which wait it was", async () => {
    expect(await errorOf(false)).toMatchObject({ errorMessage: "FLOOD" });
  });
});
