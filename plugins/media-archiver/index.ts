import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { definePlugin, type MessageEdited, type MessageReceived, type MessageSent } from "telegraphist";
import { ArchiveIndex } from "./archive-index.ts";
import { ArchiveList } from "./archive-list.ts";
import { Backfill } from "./backfill.ts";
import { wantedFileOf } from "./choose-file.ts";
import { configSchema } from "./config.ts";
import { Downloads } from "./downloads.ts";

export default definePlugin({
  name: "media-archiver",
  version: "1.0.0",
  description: "Keeps the media of chats on disk, each file once",
  config: configSchema,
  permissions: {
    telegram: ["messages:read", "chats:read", "media:download"],
    chats: ["*"],
    // The folder is the configuration's choice, so the entry's own grant is what bounds it.
    write: ["*"],
  },

  async setup(context) {
    const { config, log } = context;
    const folder = context.resolvePath(config.folder);
    await mkdir(folder, { recursive: true });
    const index = ArchiveIndex.open(join(folder, "index.sqlite"));
    context.onDispose(() => {
      log.info("archive closes", { ...index.counts() });
      index.close();
    });
    const list = await ArchiveList.open(join(folder, "index.jsonl"), index);
    context.onDispose(() => list.close());
    const downloads = new Downloads(context, { folder, index, list });
    await downloads.open();
    context.onDispose(() => downloads.stop());

    const onMessage = (event: MessageReceived | MessageSent | MessageEdited) => {
      const file = wantedFileOf(event.account.name, event.messageId, event, config);
      if (file !== null && index.enqueue(file)) downloads.wake();
    };
    const filter = { media: config.media };
    if (config.live.received) context.on("message.received", filter, onMessage);
    if (config.live.sent) context.on("message.sent", filter, onMessage);
    if (config.live.edited) context.on("message.edited", filter, onMessage);
    downloads.wake();
    if (config.backfill.enabled) new Backfill(context, index, () => downloads.wake()).continueAfter(0);
  },
});
