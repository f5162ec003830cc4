import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { startEmulator } from "../../runtime/emulator/index.ts";
import { loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createVault } from "../../runtime/vault/index.ts";
import { type CliProcess, startCli } from "../cli/cli-process.ts";
import { me } from "./account-states.ts";
import { createInstallation, type Installation, ownerPassword } from "./installation.ts";
import { pluginText } from "./plugin-text.ts";

/** Answers, so that one can tell when a message was dealt with. */
const answering = pluginText(
  "answering",
  `setup({ on }) {
    on("message.received", async (event, { telegram }) => {
      await telegram.reply({ chatId: event.chat.id, messageId: event.messageId }, "heard");
    });
  },`,
  `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`,
);

/**
 * Writes a snapshot of what the program holds on to, at a signal, as a person would who looks for a leak. What Telegram
 * said is garbage as soon as it is read, yet in memory until that is collected.
 */
const snapshotAtSignal = `
import { writeHeapSnapshot } from "node:v8";
let written = 0;
process.on("SIGUSR2", () => {
  Bun.gc(true);
  writeHeapSnapshot("heap-" + ++written + ".json");
  console.error("heap " + written + " written");
});`;

/** What Node's and Chromium's tools read of a snapshot. @returns whether one of its strings has the text in it */
async function readSnapshot(folder: string, number: number): Promise<(text: string) => boolean> {
  const snapshot = await Bun.file(join(folder, `heap-${number}.json`)).json();
  const { strings } = snapshot as { readonly strings: readonly string[] };
  return (text) => strings.some((one) => one.includes(text));
}

/** The account's auth keys, spare ones too, and the key that seals them, in the forms that a string could hold them in. */
async function keyForms({ databasePath, keyPath }: Installation): Promise<readonly string[]> {
  const keys = await loadOrCreateKey({ env: {}, path: keyPath, hasSealedRows: async () => true });
  await using storage = await openStorage({ path: databasePath, vault: createVault(keys) });
  const session = await storage.sessions.load(me);
  if (session === null) throw new Error("There is no session");
  const spares = await storage.spareKeys.load(me);
  const all = [...session.authKeys.values(), ...spares.values(), ...keys.keys.map(({ key }) => key)];
  return all.flatMap((bytes) =>
    (["latin1", "hex", "base64"] as const).map((encoding) =>
      Buffer.from(bytes).toString(encoding).slice(0, 64),
    ),
  );
}

test("a heap snapshot of the running program has no key, no password, and no number of another person", async () => {
  await using installation = await createInstallation({
    plugins: {
      answering: {
        use: "./answering.ts",
        allow: { telegram: ["messages:read", "messages:send"], chats: ["*"] },
      },
    },
  });
  await installation.write("answering.ts", answering);
  await installation.write("snapshot.ts", snapshotAtSignal);
  await installation.logIn();
  const otherPhone = "9996611222";
  // The owner's own number is in memory with what Telegram last said of the account, and written nowhere.
  const secrets = [otherPhone, ownerPassword, ...(await keyForms(installation))];
  const { folder, owner } = installation;
  const { world } = installation.emulator;
  await using run = startCli(["run"], {
    folder,
    env: { BUN_OPTIONS: `--preload=${join(folder, "snapshot.ts")}` },
  });
  await run.seen(/ready:/);
  const ada = world.createUser({ firstName: "Adamantina", phone: `+${otherPhone}` });
  world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "zebrafish at the quay" });
  while (world.messages(ada.id, owner.id).length < 2) await Bun.sleep(10);

  run.kill("SIGUSR2");
  await run.seen(/heap 1 written/);
  const has = await readSnapshot(folder, 1);
  // What people write is in memory while it is dealt with, which shows that strings can be found at all.
  expect(has("zebrafish at the quay")).toBeTrue();
  expect(secrets.filter(has)).toEqual([]);
}, 60_000);

/**
 * Where a rotation stands when it is looked at, by what the program asks of Telegram then. Only while it computes the proof
 * of the password does it have that as a string.
 */
const looks = [
  ["with two keys", "auth.acceptLoginToken", 1],
  ["with the password proved", "auth.checkPassword", 1],
  ["with two sessions", "updates.getState", 1],
  ["with the former to be ended", "auth.logOut", 1],
] as const;

test("nor has one of a program that renews its session, at any step and afterwards", async () => {
  await using made = new AsyncDisposableStack();
  const watch = { onCall: (_: string) => undefined as unknown };
  const emulator = made.use(
    await startEmulator({ dataCentres: 1, onCall: (method) => void watch.onCall(method) }),
  );
  const installation = made.use(await createInstallation({ emulator }));
  await installation.write("snapshot.ts", snapshotAtSignal);
  await installation.logIn();
  {
    await using opened = await installation.open();
    await opened.app.sessions.keepPassword(me, ownerPassword);
    using connection = new Database(installation.databasePath);
    connection.run("UPDATE sessions SET created_at_ms = 0");
  }
  const secrets = [ownerPassword, ...(await keyForms(installation))];
  const { folder } = installation;
  let run: CliProcess | null = null;
  const seen = new Map<string, number>();
  const looked: string[] = [];
  const ended = Promise.withResolvers<void>();
  watch.onCall = (method) => {
    if (method === "account.getPassword") seen.set("a rotation", 1);
    if (!seen.has("a rotation")) return;
    const nth = (seen.get(method) ?? 0) + 1;
    seen.set(method, nth);
    const look = looks.find(([, each, time]) => each === method && time === nth);
    if (look === undefined) return;
    looked.push(look[0]);
    run?.kill("SIGUSR2");
    if (method === "auth.logOut") ended.resolve();
  };
  run = made.use(
    startCli(["run"], { folder, env: { BUN_OPTIONS: `--preload=${join(folder, "snapshot.ts")}` } }),
  );
  await ended.promise;
  await run.seen(/own was ended/);
  run.kill("SIGUSR2");
  await run.seen(new RegExp(`heap ${looks.length + 1} written`));
  expect(looked).toEqual(looks.map(([when]) => when));
  secrets.push(...(await keyForms(installation)));
  for (const [index, when] of [...looked, "afterwards"].entries()) {
    const has = await readSnapshot(folder, index + 1);
    expect(has("ExportLoginToken")).toBeTrue();
    expect({ when, found: secrets.filter(has) }).toEqual({ when, found: [] });
  }
}, 120_000);
