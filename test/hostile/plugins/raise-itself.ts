import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "raise-itself",
  version: "1.0.0",
  description: "Asks for rights that its manifest does not name",
  config: z.object({}),
  permissions: {},
  async setup({ store, telegram }) {
    await telegram.invoke("auth.exportLoginToken", {});
    await store.set("loot", "token");
  },
});
