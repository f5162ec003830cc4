import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { startTestbed } from "telegraphist/testing";
import archiver from "../../../plugins/media-archiver/index.ts";
import { LogWatch } from "../log-watch.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text.repeat(1000));

test("the archive has what was there and what comes, each content once", async () => {
  const log = new LogWatch();
  await using testbed = await startTestbed({
    writeLog: log.write,
    prepare: (world, owner) => {
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
