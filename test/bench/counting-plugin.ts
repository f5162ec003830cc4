import { definePlugin } from "telegraphist";
import { z } from "zod";
import { tally } from "./tally.ts";

export default definePlugin({
  name: "counting",
  version: "1.0.0",
  description: "Counts the messages of a bench",
  config: z.object({}),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  setup({ on }) {
    on("message.received", ({ chat, text }) => tally.take(chat.id, text));
  },
});
