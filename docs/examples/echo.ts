import { definePlugin, refOf } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "echo",
  version: "1.0.0",
  description: "Says back what people say",
  config: z.strictObject({ prefix: z.string().default("You said: ") }),
  permissions: { telegram: ["messages:read", "messages:send"], chats: ["private"] },
  setup({ on, config }) {
    on("message.received", { chat: "private", from: "contact" }, async (message, { telegram }) => {
      await telegram.reply(refOf(message), config.prefix + message.text);
    });
  },
});
