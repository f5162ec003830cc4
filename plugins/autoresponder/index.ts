import { definePlugin } from "telegraphist";
import { AnswerLedger } from "./answer-ledger.ts";
import { configSchema } from "./config.ts";
import { OwnerWatch } from "./owner-watch.ts";
import { Responder } from "./responder.ts";

export default definePlugin({
  name: "autoresponder",
  version: "1.0.0",
  description: "Answers messages by rules while you are away",
  config: configSchema,
  permissions: { telegram: ["messages:read", "messages:send", "chats:mark-read"], chats: ["*"] },

  async setup(context) {
    const ledger = await AnswerLedger.open(context, context.config.maxAnswersPerHour);
    const owners = await OwnerWatch.open(context);
    const responder = new Responder(context, ledger, owners);
    context.on("message.received", (event, handler) => responder.onMessage(event, handler));
    context.on("message.sent", (event) => owners.onSent(event));
    context.on("user.status", (event) => owners.onStatus(event));
  },
});
