import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "honest",
  version: "1.0.0",
  description: "Keeps the messages that it is given, in their order",
  config: z.object({}),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  async setup({ on, store, log }) {
    const seen: string[] = [];
    on("message.received", async ({ text }) => {
      seen.push(text);
      await store.set("seen", seen);
      log.info("seen", { count: seen.length });
    });
  },
});
