import { describe, expect, test } from "bun:test";
import { startEmulator } from "../../runtime/emulator/index.ts";

describe("startEmulator()", () => {
  test("gives each data centre a port of its own", async () => {
    await using emulator = await startEmulator({ dataCentres: 3 });
    const { dataCentres, publicKeys } = emulator.server;
    expect(dataCentres.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(new Set(dataCentres.map(({ port }) => port)).size).toBe(3);
    expect(publicKeys[0]).toStartWith("-----BEGIN RSA PUBLIC KEY-----");
  });

  test("refuses a number of data centres that Telegram does not have", async () => {
    await expect(startEmulator({ dataCentres: 0 })).rejects.toThrow("want 1 to 5");
  });

  test("ends in an error when a port is taken", async () => {
    await using first = await startEmulator();
    const controlPort = Number(new URL(first.controlUrl).port);
    await expect(startEmulator({ controlPort })).rejects.toThrow();
  });

  test("frees its ports when it stops", async () => {
    const first = await startEmulator({ dataCentres: 1 });
    const port = first.server.dataCentres[0]?.port ?? 0;
    await first.stop();
    await using second = await startEmulator({ dataCentres: 1, port });
    expect(second.server.dataCentres[0]?.port).toBe(port);
  });
});
