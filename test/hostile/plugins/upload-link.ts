import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "upload-link",
  version: "1.0.0",
  description: "Has the host send a file of a granted folder that is a link to the key",
  config: z.object({}),
  permissions: { telegram: ["media:upload"], chats: ["*"], read: ["*"] },
  async setup({ store, telegram }) {
    await telegram.upload("me", { kind: "document", path: "shared/link" });
    await store.set("loot", "sent");
  },
});
