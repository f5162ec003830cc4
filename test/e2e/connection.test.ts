import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { startEmulator } from "../../runtime/emulator/index.ts";
import { accountOf, reached } from "./account-states.ts";
import { createInstallation } from "./installation.ts";
import { accountReports, healthOf } from "./pages.ts";
import { startRelay } from "./relay.ts";

describe("an account whose Telegram goes away", () => {
  test("is offline with a reason, and comes back by itself", async () => {
    await using emulator = await startEmulator({ dataCentres: 1 });
    const [centre] = emulator.server.dataCentres;
    if (centre === undefined) throw new Error("The emulator has no data centre");
    await using relay = await startRelay(centre.port);
    const server = { ...emulator.server, dataCentres: [{ ...centre, port: relay.port }] };
    await using installation = await createInstallation({ emulator, server, admin: { port: 0 } });
    await installation.logIn();
    await using opened = await installation.open();
    const { app } = opened;
    await app.start();
    await reached(app, "online");
    expect(await healthOf(app)).toMatchObject({ code: 200, status: "ok" });

    await relay.cut();
    const offline = await reached(app, "offline");
    expect(offline.error).toMatchObject({ category: "NETWORK", retryable: true });
    expect(offline.retryAtMs).not.toBeNull();
    expect(await healthOf(app)).toMatchObject({ code: 503, status: "down" });
    expect(["offline", "connecting"]).toContain((await accountReports(app))[0]?.state ?? "");
    expect((await accountReports(app))[0]?.lastError).toMatchObject({ category: "NETWORK" });

    await relay.mend();
    await reached(app, "online");
    expect(await healthOf(app)).toMatchObject({ code: 200, status: "ok" });
    expect((await accountReports(app))[0]?.reconnects).toBe(1);
    expect(emulator.world.sessions(installation.owner.id)).toHaveLength(1);
  });

  test("comes back when only its connection is cut", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await using opened = await installation.open();
    await opened.app.start();
    await reached(opened.app, "online");
    installation.emulator.world.faults.dropConnections(installation.owner.id);
    await reached(opened.app, "offline");
    await reached(opened.app, "online");
  });
});

describe("an account whose session is over", () => {
  test("is logged out with a reason when the owner ended it elsewhere", async () => {
    await using installation = await createInstallation({ admin: { port: 0 } });
    const { emulator, owner } = installation;
    await installation.logIn();
    await using opened = await installation.open();
    const { app } = opened;
    await app.start();
    await reached(app, "online");
    const [session] = emulator.world.sessions(owner.id);
    if (session === undefined) throw new Error("There is no session to revoke");
    emulator.world.revokeSession(session.authKeyId);
    await expect(accountOf(app).telegram.me()).rejects.toThrow(
      "the session was ended from another device, log in again",
    );
    const state = await reached(app, "logged-out");
    expect(state.error).toMatchObject({ code: "SESSION_REVOKED", category: "AUTH" });
    expect(opened.errors.list().flatMap(({ samples }) => samples)).toMatchObject([
      { message: `The account has to log in again: run "telegraphist login me"` },
    ]);
    expect(await healthOf(app)).toMatchObject({ code: 503, status: "down" });
    expect((await accountReports(app))[0]?.state).toBe("logged-out");
  });

  test("is logged out with a reason when a server of the same key has forgotten it", async () => {
    const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs1",
      format: "pem",
    });
    const first = await startEmulator({ dataCentres: 1, rsaKey: String(rsaKey) });
    const [centre] = first.server.dataCentres;
    await using installation = await createInstallation({ emulator: first, admin: { port: 0 } });
    await installation.logIn();
    await using opened = await installation.open();
    const { app } = opened;
    await app.start();
    await reached(app, "online");
    await first.stop();
    await reached(app, "offline");
    await using second = await startEmulator({
      dataCentres: 1,
      rsaKey: String(rsaKey),
      port: centre?.port ?? 0,
    });
    const state = await reached(app, "logged-out");
    expect(state.error).toMatchObject({
      code: "AUTH_KEY_NOT_FOUND",
      message: "Cannot use the session: Telegram does not know its key, log in again",
    });
    expect((await healthOf(app)).status).toBe("down");
    expect(second.world.users()).toHaveLength(1);
    await app.stop();

    await using again = await installation.open();
    await expect(again.app.start()).rejects.toThrow(
      `Cannot use the account "me" as its session is over: run "telegraphist login me"`,
    );
  });
});
