import { describe, expect, test } from "bun:test";
import { Api, type TelegramClient } from "telegram";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { isolateContainerItems } from "../../../runtime/telegram/cures/isolate-container-items.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

/** Methods whose first answers leave in the same turn, and so in one container. */
function handlers(): RpcHandlers {
  const both = Promise.withResolvers<void>();
  return {
    "help.getInviteText": async () => {
      await both.promise;
      throw new RpcError(400, "TEXT_INVALID");
    },
    "help.getNearestDc": async () => {
      both.resolve();
      await both.promise;
      return nearestDc();
    },
  };
}

/** Sends two requests that are answered in one container, the first by an error; tells what became of the second. */
async function secondAnswerOf(client: TelegramClient): Promise<string> {
  const sender = client._sender;
  if (sender === undefined) throw new Error("The client is not connected");
  let second = "none";
  const failed = sender.send(new Api.help.GetInviteText());
  sender.send(new Api.help.GetNearestDc())?.then((answer) => {
    second = answer instanceof Api.NearestDc ? answer.country : "another";
  });
  await failed?.catch(() => undefined);
  // An answer that comes in a container of its own comes after whatever was in the one before.
  await sender.send(new Api.help.GetNearestDc());
  return second;
}

describe("isolateContainerItems() (G2)", () => {
  test("answers a request whose answer stands behind an error", async () => {
    await using rig = startMtprotoRig(handlers());
    const client = rig.rawClient();
    await client.connect();
    if (client._sender !== undefined) isolateContainerItems(client._sender, () => undefined);
    expect(await secondAnswerOf(client)).toBe("XX");
  });

  test("tells which item failed", async () => {
    await using rig = startMtprotoRig(handlers());
    const client = rig.rawClient();
    await client.connect();
    const failures: unknown[] = [];
    if (client._sender !== undefined) isolateContainerItems(client._sender, (error) => failures.push(error));
    await secondAnswerOf(client);
    expect(failures).toMatchObject([{ errorMessage: "TEXT_INVALID" }]);
  });

  test("shows that GramJS by itself leaves that request waiting", async () => {
    await using rig = startMtprotoRig(handlers());
    const client = rig.rawClient();
    await client.connect();
    expect(await secondAnswerOf(client)).toBe("none");
  });
});
