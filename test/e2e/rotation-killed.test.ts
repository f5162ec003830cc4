import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { loadConfig } from "../../config/index.ts";
import { openAppStorage } from "../../runtime/app/open-app-storage.ts";
import { startEmulator } from "../../runtime/emulator/index.ts";
import type { Storage } from "../../runtime/storage/index.ts";
import { type CliProcess, startCli } from "../cli/cli-process.ts";
import { silent } from "../telegram/support/mtproto-rig.ts";
import { createInstallation, type Installation, ownerPassword } from "./installation.ts";

// Two programs start in each test.
setDefaultTimeout(90_000);

/** What a program asks of Telegram from the beginning of a rotation on. */
const steps = [
  ["before it has begun", "account.getPassword", 1],
  ["with a key that is nobody's", "auth.exportLoginToken", 1],
  ["before the login is accepted", "auth.acceptLoginToken", 1],
  ["after it is accepted", "auth.exportLoginToken", 2],
  ["while it owes the password", "account.getPassword", 2],
  ["with the password on its way", "auth.checkPassword", 1],
  ["with two sessions", "updates.getState", 1],
  ["with the former session not ended", "auth.logOut", 1],
] as const;

/** An installation whose session is due for a rotation, with what it tells of its calls. */
async function openDue() {
  await using made = new AsyncDisposableStack();
  const watch = { onCall: (_: string) => undefined as unknown };
  const emulator = made.use(
    await startEmulator({ dataCentres: 1, onCall: (method) => void watch.onCall(method) }),
  );
  const installation = made.use(await createInstallation({ emulator }));
  await installation.logIn();
  const storage = made.use(await storageOf(installation));
  const [session] = await storage.sessions.list();
  if (session === undefined) throw new Error("No session");
  await storage.accountPasswords.save(session.account, ownerPassword);
  {
    using connection = new Database(installation.databasePath);
    connection.run("UPDATE sessions SET created_at_ms = 0");
  }
  const { owner } = installation;
  const friend = emulator.world.createUser({ firstName: "Bob", phone: "+15550002" });
  const written: string[] = [];
  const write = () => {
    const text = `message ${written.length}`;
    written.push(text);
    emulator.world.sendMessage({ fromId: friend.id, chatId: owner.id, text });
  };
  const owned = made.move();
  return {
    ...{ emulator, installation, storage, watch, write, written, account: session.account },
    keys: () => emulator.world.sessions(owner.id).map(({ authKeyId }) => authKeyId),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function storageOf({ configPath, folder: baseFolder }: Installation): Promise<Storage> {
  const read = await loadConfig({ path: configPath, env: {} });
  if (!read.ok) throw new Error("The configuration is refused");
  return openAppStorage({ config: read.config, baseFolder, env: {} }, { logger: silent, now: Date.now });
}

async function receivedTexts({ journal }: Storage): Promise<readonly (string | null)[]> {
  const entries = await journal.read(0, 1000);
  return entries.flatMap(({ event }) => (event?.type === "message.received" ? event.text : []));
}

describe("a program that is killed in a rotation", () => {
  test.each(steps)("%s has one session at its next start, and has lost nothing", async (_, method, nth) => {
    await using it = await openDue();
    const [before] = it.keys();
    let killed: CliProcess | null = null;
    let seen = 0;
    let isRotating = false;
    it.watch.onCall = (called) => {
      isRotating ||= called === "account.getPassword";
      if (!isRotating) return;
      it.write();
      if (called !== method) return;
      seen += 1;
      if (seen === nth) killed?.kill("SIGKILL");
    };
    killed = startCli(["run"], { folder: it.installation.folder });
    await killed.exited;
    expect(seen).toBe(nth);
    it.write();
    it.watch.onCall = () => it.write();

    await using next = startCli(["run"], { folder: it.installation.folder });
    const isChanged = method === "auth.logOut";
    await next.seen(isChanged ? /own was ended/ : /session was renewed[\s\S]*own was ended/);
    expect(it.keys()).toHaveLength(1);
    expect(it.keys()).not.toEqual([before]);
    expect((await it.storage.spareKeys.load(it.account)).size).toBe(0);
    it.watch.onCall = () => undefined;
    it.write();
    while ((await receivedTexts(it.storage)).at(-1) !== it.written.at(-1)) await Bun.sleep(20);
    expect(await receivedTexts(it.storage)).toEqual(it.written);
    next.kill("SIGTERM");
    expect(await next.exited).toBe(0);
    expect(it.keys()).toHaveLength(1);
  });
});
