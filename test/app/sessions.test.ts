import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { chmod } from "node:fs/promises";
import { newKey } from "../../runtime/app/index.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";

/** How many rows each table has that an account learns. */
function learned({ databasePath }: Installation) {
  using connection = new Database(databasePath);
  const tables = ["sessions", "auth_keys", "peers", "update_states", "channel_states", "account_passwords"];
  return Object.fromEntries(
    tables.map((table) => [
      table,
      connection.query<{ rows: number }, []>(`SELECT count(*) AS rows FROM ${table}`).get()?.rows,
    ]),
  );
}

/** An installation whose account knows a channel, and whose password is kept. */
async function openLearned() {
  await using made = new AsyncDisposableStack();
  const installation = made.use(await createInstallation());
  const { emulator, owner } = installation;
  emulator.world.createChannel({ title: "Channel", creatorId: owner.id });
  await installation.logIn();
  const { app } = made.use(await installation.open());
  await app.sessions.keepPassword("me", "secret");
  const owned = made.move();
  return { installation, app, world: emulator.world, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("Sessions.show()", () => {
  test("tells what Telegram calls the key by, unless the vault does not open it", async () => {
    await using it = await openLearned();
    const [atTelegram] = it.world.sessions(it.installation.owner.id);
    expect((await it.app.sessions.show("me")).authKeyId).toBe(atTelegram?.authKeyId ?? "");
    {
      using connection = new Database(it.installation.databasePath);
      connection.run("UPDATE auth_keys SET sealed = zeroblob(64)");
    }
    expect(await it.app.sessions.show("me")).toMatchObject({
      authKeyId: null,
      vaultKeyId: expect.any(String),
    });
    await expect(it.app.sessions.show("nobody")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });
});

describe("Sessions.end()", () => {
  test.each([
    ["ended", false],
    ["was-over", true],
  ] as const)("forgets all that was learned in a session that is %s", async (end, isOver) => {
    await using it = await openLearned();
    const before = learned(it.installation);
    expect(Object.values(before).every((rows) => rows !== undefined && rows > 0)).toBe(true);
    if (isOver) {
      for (const { authKeyId } of it.world.sessions(it.installation.owner.id)) {
        it.world.revokeSession(authKeyId);
      }
    }
    expect(await it.app.sessions.end("me")).toBe(end);
    expect(await it.app.sessions.list()).toEqual([]);
    expect(Object.values(learned(it.installation))).toEqual(Object.keys(before).map(() => 0));
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
