import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { tlobjects } from "telegram/tl/AllTLObjects";
import { nearestDc, numbered, startMtprotoRig } from "../support/mtproto-rig.ts";

describe("reportUnreadable() (G20)", () => {
  test("tells the constructor of a message that the schema does not have", async () => {
    await using rig = startMtprotoRig({ "help.getNearestDc": nearestDc });
    const unreadable = Promise.withResolvers<string>();
    const connection = await rig.connect({ onUnreadable: unreadable.resolve });
    await connection.send(new Api.help.GetNearestDc(), AbortSignal.timeout(5000));
    const { CONSTRUCTOR_ID: id } = Api.UpdatePtsChanged;
    const known = tlobjects[id];
    // As if the server were of a newer layer.
    delete tlobjects[id];
    try {
      rig.push(numbered(1));
      expect(await unreadable.promise).toBe((id >>> 0).toString(16).padStart(8, "0"));
    } finally {
      if (known !== undefined) tlobjects[id] = known;
    }
    const after = await connection.send(new Api.help.GetNearestDc(), AbortSignal.timeout(5000));
    expect(after.country).toBe("XX");
  });
});

describe("removeAlert()", () => {
  test("leaves no alert() that would stop the process for a key", () => {
    expect("alert" in globalThis).toBe(false);
  });

  test("shows that GramJS by itself calls it at a constructor that it does not know", () => {
    const script = `
      globalThis.alert = () => console.log("stopped");
      require("telegram");
      const { BinaryReader } = require("telegram/extensions");
      try { new BinaryReader(Buffer.from("0102030405060708", "hex")).tgReadObject(); } catch {}
    `;
    const { stdout } = Bun.spawnSync([process.execPath, "-e", script], { cwd: import.meta.dir });
    expect(stdout.toString()).toContain("stopped");
  });
});
