import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "flood-host",
  version: "1.0.0",
  description: "Makes more calls than anyone could answer, and writes log lines without end",
  config: z.object({}),
  permissions: { telegram: ["messages:send"], chats: ["*"] },
  async setup({ telegram, log }) {
    for (let call = 0; ; call++) {
      void telegram.send("me", `flood ${call}`).catch(() => undefined);
      log.info("flood", { call });
      if (call % 10_000 === 0) await Bun.sleep(0);
    }
  },
});
