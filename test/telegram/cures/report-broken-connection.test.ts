import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import type { TelegraphistError } from "../../../runtime/contract/index.ts";
import { startMtprotoRig } from "../support/mtproto-rig.ts";

describe("reportBrokenConnection() (G16)", () => {
  test("tells the end of a connection once, and opens no other", async () => {
    await using rig = startMtprotoRig();
    const broken = Promise.withResolvers<TelegraphistError>();
    let told = 0;
    const connection = await rig.connect({
      onBroken: (error) => {
        told += 1;
        broken.resolve(error);
      },
    });
    rig.dropConnections();
    expect((await broken.promise).code).toBe("CONNECTION_LOST");
    expect(connection.isOpen).toBe(false);
    await connection.close();
    expect(told).toBe(1);
    expect(rig.server.stats().connectionsOpened).toBe(1);
  });

  test("fails the requests that wait, and those that follow", async () => {
    const asked = Promise.withResolvers<void>();
    await using rig = startMtprotoRig({
      "help.getInviteText": () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const connection = await rig.connect();
    const waiting = connection.send(new Api.help.GetInviteText(), AbortSignal.timeout(5000));
    await asked.promise;
    rig.dropConnections();
    await expect(waiting).rejects.toMatchObject({ code: "CONNECTION_LOST", retryable: true });
    await waiting.catch(() => undefined);
    const after = connection.send(new Api.help.GetInviteText(), AbortSignal.timeout(5000));
    await expect(after).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("shows that GramJS by itself comes back without a word", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    await client.connect();
    const reconnected = rig.nextConnection();
    rig.dropConnections();
    await reconnected;
    expect(rig.server.stats().connectionsOpened).toBe(2);
  });
});
