import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { UpdateConnectionState } from "telegram/network";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlValue } from "../../../runtime/emulator/tl/value.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

/** A method that wants a second of waiting once. */
function floodedOnce(method: string, answer: () => TlValue): RpcHandlers {
  let asked = 0;
  return {
    [method]: () => {
      asked += 1;
      if (asked === 1) throw new RpcError(420, "FLOOD_WAIT_1");
      return answer();
    },
  };
}

describe("a call that Telegram lets wait (G9)", () => {
  test("is told as an event before it goes through", async () => {
    await using rig = await startAccountRig(
      floodedOnce("users.getUsers", () => [{ _: "user", id: 7n, self: true, first_name: "Ada" }]),
    );
    await rig.account.login(prompts);
    await rig.account.start();
    expect(await rig.account.telegram.me()).toMatchObject({ firstName: "Ada" });
    expect(await rig.event("flood.waiting")).toMatchObject({ method: "users.getUsers", waitMs: 1000 });
  });

  test("shows that GramJS by itself sleeps without a word", async () => {
    await using rig = startMtprotoRig(floodedOnce("help.getNearestDc", nearestDc));
    const client = rig.rawClient();
    const told: unknown[] = [];
    client.addEventHandler((update: unknown) => {
      if (!(update instanceof UpdateConnectionState)) told.push(update);
    });
    client.onError = async (error) => void told.push(error);
    await client.connect();
    await client.invoke(new Api.help.GetNearestDc());
    expect(rig.server.stats().rpcCalls["help.getNearestDc"]).toBe(2);
    expect(told).toEqual([]);
  });
});
