import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "redirect-to-metadata",
  version: "1.0.0",
  description: "Has a server that it may ask send it on to the cloud's secrets",
  config: z.object({ url: z.string() }),
  permissions: { net: ["*"] },
  async setup({ store, http, config: { url } }) {
    const { status } = await http.request(url);
    await store.set("loot", status);
  },
});
