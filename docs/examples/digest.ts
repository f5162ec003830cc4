import { definePlugin, type HandlerContext } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "digest",
  version: "1.0.0",
  description: "Writes to yourself every morning, and an hour after its first start",
  config: z.strictObject({}),
  permissions: { telegram: ["messages:send"], chats: ["*"] },
  setup({ schedule }) {
    const write =
      (text: string) =>
      async (_: unknown, { telegram }: HandlerContext) => {
        await telegram.send("me", text);
      };
    schedule.after("welcome", 3_600_000, write("An hour has passed"), { keep: true });
    schedule.cron("morning", "0 9 * * *", write("Good morning"), {
      timeZone: "Europe/Berlin",
      missed: "once",
    });
  },
});
