import { expect, test } from "bun:test";
import { join } from "node:path";
import { loadOrCreateKey, openStorage } from "../../runtime/storage/index.ts";
import { createVault } from "../../runtime/vault/index.ts";
import { startCli } from "../cli/cli-process.ts";
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
process.on("SIGUSR2", () => {
  Bun.gc(true);
  writeHeapSnapshot("heap.json");
  console.error("heap written");
});`;

/** The account's auth keys and the key that seals them, in the forms that a string could hold them in. */
async function keyForms({ databasePath, keyPath }: Installation): Promise<readonly string[]> {
  const keys = await loadOrCreateKey({ env: {}, path: keyPath, hasSealedRows: async () => true });
  await using storage = await openStorage({ path: databasePath, vault: createVault(keys) });
  const session = await storage.sessions.load(me);
  if (session === null) throw new Error("There is no session");
  return [...session.authKeys.values(), ...keys.keys.map(({ key }) => key)].flatMap((bytes) =>
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
  await run.seen(/heap written/);
  // What Node's and Chromium's tools read.
  const { strings } = (await Bun.file(join(folder, "heap.json")).json()) as { strings: readonly string[] };
  const has = (text: string) => strings.some((one) => one.includes(text));
  // What people write is in memory while it is dealt with, which shows that strings can be found at all.
  expect(has("zebrafish at the quay")).toBeTrue();
  expect(secrets.filter(has)).toEqual([]);
}, 60_000);
