import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "loop-in-handler",
  version: "1.0.0",
  description: "Never gives the processor back once it has an event",
  config: z.object({}),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  async setup({ on }) {
    on("message.received", () => {
      for (;;) Math.random();
    });
  },
});
