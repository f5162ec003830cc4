import { appendFileSync, existsSync } from "node:fs";
import { definePlugin, refOf } from "telegraphist";
import { z } from "zod";

/** Writes every numbered message down, answers it, and dies where a message says so, once for each, if it may. */
export default definePlugin({
  name: "chaos",
  version: "1.0.0",
  description: "Writes numbered messages down and answers them",
  config: z.strictObject({ record: z.string(), deaths: z.string().nullable() }),
  permissions: { telegram: ["messages:read", "messages:send"], chats: ["*"], write: ["*"] },
  setup({ on, config }) {
    on("message.received", { text: /^#(\d+)( before-[a-z]+)?$/ }, async (message, { telegram }) => {
      const [number = "", moment] = message.match.groups;
      appendFileSync(config.record, `${number}\n`);
      const { deaths } = config;
      const dies =
        moment !== null && moment !== undefined && deaths !== null && isFirst(`${deaths}-${number}`);
      if (dies && moment === " before-reply") process.kill(process.pid, "SIGKILL");
      if (message.chat.kind !== "channel") await telegram.reply(refOf(message), `ack ${number}`);
      if (dies) process.kill(process.pid, "SIGKILL");
    });
  },
});

/** Whether this is the first life in which the message is handled. */
function isFirst(marker: string): boolean {
  if (existsSync(marker)) return false;
  appendFileSync(marker, "");
  return true;
}
