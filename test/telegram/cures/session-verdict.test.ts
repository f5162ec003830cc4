import { describe, expect, test } from "bun:test";
import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";

const flooded: RpcHandlers = {
  "updates.getState": () => {
    throw new RpcError(420, "FLOOD_WAIT_86400");
  },
};

describe("Account.start() at an error that says nothing of the session (G8)", () => {
  test("waits and keeps the session", async () => {
    await using rig = await startAccountRig(flooded);
    await rig.account.login(prompts);
    await rig.account.start();
    expect(rig.account.state.state).toBe("waiting");
    expect(await rig.storage.sessions.load(rig.account.name)).toMatchObject({ state: "active" });
  });

  test("shows that GramJS by itself takes it for a logout, at which it would log in anew", async () => {
    await using rig = startMtprotoRig(flooded);
    const client = rig.rawClient();
    client.floodSleepThreshold = 0;
    await client.connect();
    expect(await client.checkAuthorization()).toBe(false);
  });
});
