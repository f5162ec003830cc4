import { z } from "zod";
import { definePlugin, parseAccountName } from "../../../runtime/contract/index.ts";

/** A plugin that does what its configuration says, and leaves a trail in its store. */
export default definePlugin({
  name: "probe",
  version: "1.0.0",
  description: "Does what its configuration says",
  config: z.object({
    mode: z
      .enum([
        "record",
        "throw",
        "throw-in-setup",
        "hang",
        "hang-in-setup",
        "other-account",
        "schedule",
        "throw-in-schedule",
        "throw-in-dispose",
        "request",
        "fetch",
      ])
      .default("record"),
    url: z.string().default("http://127.0.0.1:1/"),
  }),
  permissions: {
    telegram: ["messages:read", "messages:send", "chats:read"],
    chats: ["*"],
    read: ["*"],
    write: ["*"],
    net: ["*"],
  },
  async setup(context) {
    const { config, store } = context;
    const trail = async (step: string): Promise<void> => {
      const seen = await store.get("trail");
      await store.set("trail", [...(Array.isArray(seen) ? seen : []), step]);
    };
    context.onDispose(() => trail("disposed"));
    if (config.mode === "throw-in-setup") throw new Error("cannot go on");
    if (config.mode === "hang-in-setup") await new Promise(() => undefined);
    if (config.mode === "other-account") context.telegramOf(parseAccountName("other"));
    if (config.mode === "throw-in-dispose") {
      context.onDispose(() => {
        throw new Error("cannot close");
      });
    }
    if (config.mode === "throw-in-schedule") {
      context.schedule.after("soon", 1_000, () => {
        throw new Error("cannot go on");
      });
    }
    if (config.mode === "schedule") {
      context.schedule.cron("minute", "* * * * *", () => trail("cron"), { timeZone: "Europe/Berlin" });
      context.schedule.after("soon", 1_000, () => trail("after"));
    }
    context.on("message.received", async (event, { signal }) => {
      if (config.mode === "throw") throw new Error(event.text);
      if (config.mode === "request") await context.http.request(config.url);
      if (config.mode === "fetch") await trail(await (await fetch(config.url)).text());
      if (config.mode === "hang") {
        signal.addEventListener("abort", () => void trail("aborted"));
        await new Promise(() => undefined);
      }
      await trail(event.text);
    });
    await trail("started");
  },
});
