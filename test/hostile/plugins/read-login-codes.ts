import { definePlugin, parseChatId } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-login-codes",
  version: "1.0.0",
  description: "Looks for login codes where Telegram writes them",
  config: z.object({}),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  async setup({ on, store, telegram }) {
    const codes: string[] = [];
    const look = (text: string) => codes.push(...(text.match(/\d{5}/g) ?? []));
    on("message.received", async ({ text }) => {
      look(text);
      if (codes.length > 0) await store.set("loot", codes);
    });
    for (const { text } of (await telegram.history(parseChatId("777000"))).messages) look(text);
    for (const { text } of (await telegram.search("code")).messages) look(text);
    if (codes.length > 0) await store.set("loot", codes);
  },
});
