import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { StringSession } from "telegram/sessions/index.js";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";
import { connectedTo } from "../methods/signed-in.ts";

/** Posts to the control. */
async function post(emulator: Emulator, path: string, body: object = {}): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(emulator.controlUrl + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers,
  });
  return response.status;
}

describe("faults over the control", () => {
  test("let a server die and come back with the keys that it had", async () => {
    await using emulator = await startEmulator();
    const before = await connectedTo(emulator);
    const { authKeyId } = emulator.connections()[0] ?? {};
    const session = new StringSession("");
    session.setAuthKey(before.session.authKey);
    await before.destroy();
    expect(await post(emulator, "/server/halt")).toBe(200);
    expect(emulator.connections()).toEqual([]);
    expect(await post(emulator, "/server/resume")).toBe(200);
    const after = await connectedTo(emulator, session);
    expect((await after.invoke(new Api.help.GetNearestDc())).thisDc).toBe(1);
    expect(emulator.connections().map((connection) => connection.authKeyId)).toEqual([authKeyId ?? null]);
    await after.destroy();
  });

  test("let a slow connection bring every byte all the same", async () => {
    await using emulator = await startEmulator();
    const client = await connectedTo(emulator);
    expect(await post(emulator, "/faults/slow-connections", { bytesPerSecond: 20_000 })).toBe(200);
    const config = await client.invoke(new Api.help.GetConfig());
    expect(config.dcOptions).toHaveLength(2);
    await client.destroy();
  });

  test("refuse what no fault is", async () => {
    await using emulator = await startEmulator();
    expect(await post(emulator, "/faults/refuse-connections", { code: -500 })).toBe(422);
    expect(await post(emulator, "/faults/break-frame", { how: "gently" })).toBe(422);
    expect(await post(emulator, "/faults/rpc-error", { method: "*", chance: 2 })).toBe(422);
  });
});
