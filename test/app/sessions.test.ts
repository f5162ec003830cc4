import { describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { newKey } from "../../runtime/app/index.ts";
import { createInstallation } from "../e2e/installation.ts";

describe("Sessions.end()", () => {
  test("forgets a session that Telegram has ended", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const { world } = installation.emulator;
    for (const { authKeyId } of world.sessions(installation.owner.id)) world.revokeSession(authKeyId);
    await using opened = await installation.open();
    expect(await opened.app.sessions.end("me")).toBe("was-over");
    expect(await opened.app.sessions.list()).toEqual([]);
  });

  test("keeps a session that the key does not open, and one that Telegram cannot be asked for", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    const key = await Bun.file(installation.keyPath).text();
    await Bun.write(installation.keyPath, `${newKey()}\n${key}`);
    await chmod(installation.keyPath, 0o600);
    {
      // With the new key, which then opens something and not the session.
      await using opened = await installation.open();
      await opened.app.sessions.keepPassword("me", "a lighthouse");
    }
    await Bun.write(installation.keyPath, (await Bun.file(installation.keyPath).text()).split("\n")[0] ?? "");
    {
      await using opened = await installation.open();
      await expect(opened.app.sessions.end("me")).rejects.toMatchObject({ code: "VAULT_WRONG_KEY" });
      expect(await opened.app.sessions.list()).toHaveLength(1);
    }
    await Bun.write(installation.keyPath, key);
    await using opened = await installation.open();
    installation.emulator.world.faults.rpcError({
      method: "auth.logOut",
      errorCode: 400,
      errorMessage: "NOT_NOW",
    });
    await expect(opened.app.sessions.end("me")).rejects.toMatchObject({ code: "NOT_NOW" });
    expect(await opened.app.sessions.list()).toHaveLength(1);
  });

  test("ends the session of an account that the configuration no longer has", async () => {
    await using installation = await createInstallation();
    await installation.logIn();
    await installation.configure({ accounts: { you: {} } });
    await using opened = await installation.open();
    expect(await opened.app.sessions.show("me")).toMatchObject({ isConfigured: false, heldBy: null });
    expect(await opened.app.sessions.end("me")).toBe("ended");
    expect(installation.emulator.world.sessions(installation.owner.id)).toEqual([]);
  });
});
