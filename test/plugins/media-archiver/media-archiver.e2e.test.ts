import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import archiver from "../../../plugins/media-archiver/index.ts";
import { startEmulator } from "../../../runtime/emulator/index.ts";
import { type EmulatedStage, startTestbed } from "../../../runtime/testkit/index.ts";
import { LogWatch } from "../log-watch.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text.repeat(1000));

test("the archive has what was there and what comes, each content once", async () => {
  const log = new LogWatch();
  await using testbed = await startTestbed({
    writeLog: log.write,
    prepare: ({ world, owner }) => {
      const { id: fromId } = world.createUser({ firstName: "Ada", username: "ada_l" });
      const media = {
        kind: "document",
        bytes: bytesOf("old"),
        fileName: "old.txt",
        mimeType: "text/plain",
      } as const;
      world.sendMessage({ fromId, chatId: owner.id, text: "from the past", media });
    },
    plugins: {
      "media-archiver": {
        allow: { ...archiver.permissions, write: ["archive"] },
        config: {
          folder: "archive",
          minFreeBytes: 0,
          backfill: { enabled: true },
          name: "{{chat.title}}/{{fileName}}",
        },
      },
    },
  });
  const { world, owner } = testbed;
  const ada = world.users().find(({ username }) => username === "ada_l")?.id ?? "";
  const send = (text: string, fileName: string) =>
    world.sendMessage({
      fromId: ada,
      chatId: owner.id,
      media: { kind: "document", bytes: bytesOf(text), fileName, mimeType: "text/plain" },
    });
  await log.seen({ message: "file is archived", sizeBytes: 3000 });
  send("fresh", "../fresh.txt");
  await log.seen({ message: "file is archived", sizeBytes: 5000 });
  send("second", "fresh.txt");
  await log.seen({ message: "file is archived", sizeBytes: 6000 });
  send("old", "copy.txt");
  send("another", "old.txt");
  await log.seen({ message: "file is archived", sizeBytes: 7000 });

  const folder = join(testbed.folder, "archive");
  expect((await readdir(join(folder, "Ada"))).sort()).toEqual([
    "__fresh.txt",
    "fresh.txt",
    "old-2.txt",
    "old.txt",
  ]);
  expect(await Bun.file(join(folder, "Ada", "old.txt")).text()).toBe("old".repeat(1000));
  expect(await Bun.file(join(folder, "Ada", "old-2.txt")).text()).toBe("another".repeat(1000));
}, 30_000);

test("the archive loses nothing to a missing grant: it waits, and goes on once the entry has it", async () => {
  await using emulator = await startEmulator();
  await using folder = await temporaryFolder();
  const log = new LogWatch();
  const run = (write: readonly string[], prepare?: (stage: EmulatedStage) => void) =>
    startTestbed({
      emulator,
      folder: folder.path,
      writeLog: log.write,
      ...(prepare !== undefined && { prepare }),
      plugins: {
        "media-archiver": {
          allow: { ...archiver.permissions, write },
          // In a process of its own it does not even start without the grant.
          isolation: "inline",
          config: { folder: "archive", minFreeBytes: 0, backfill: { enabled: true } },
        },
      },
    });
  const withPast = ({ world, owner }: EmulatedStage) => {
    const { id: fromId } = world.createUser({ firstName: "Ada" });
    for (const text of ["one", "second", "number three"]) {
      const media = { kind: "document", bytes: bytesOf(text), fileName: `${text}.txt` } as const;
      world.sendMessage({ fromId, chatId: owner.id, media });
    }
  };

  const denied = await run([], withPast);
  await log.seen({ message: "downloads pause" });
  await log.seen({ message: "back-fill is done", failed: 0, queued: 3 });
  await denied[Symbol.asyncDispose]();
  await using granted = await run(["archive"]);
  for (const sizeBytes of [3000, 6000, 12_000]) await log.seen({ message: "file is archived", sizeBytes });
  expect(granted.app.host.list()[0]?.state).toBe("running");
}, 30_000);

test("the archive gives a file up when it cannot be placed, and goes on with the next", async () => {
  await using folder = await temporaryFolder();
  await Bun.write(join(folder.path, "archive/Ada"), "a file where a folder should be");
  const log = new LogWatch();
  await using testbed = await startTestbed({
    folder: folder.path,
    writeLog: log.write,
    plugins: {
      "media-archiver": {
        allow: { ...archiver.permissions, write: ["archive"] },
        config: { folder: "archive", minFreeBytes: 0, maxAttempts: 1, name: "{{chat.title}}/{{fileName}}" },
      },
    },
  });
  const { owner, world } = testbed;
  for (const firstName of ["Ada", "Bob"]) {
    const { id: fromId } = world.createUser({ firstName });
    const media = { kind: "document", bytes: bytesOf(firstName), fileName: "note.txt" } as const;
    world.sendMessage({ fromId, chatId: owner.id, media });
  }
  expect(await log.seen({ message: "file is given up" })).toMatchObject({
    error: { code: "ARCHIVER_FAILED" },
  });
  await log.seen({ message: "file is archived" });
  expect(await Bun.file(join(folder.path, "archive/Bob/note.txt")).text()).toBe("Bob".repeat(1000));
}, 30_000);
