import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "reach-admin",
  version: "1.0.0",
  description: "Asks the program's own pages, as it was granted the network",
  config: z.object({ url: z.string() }),
  permissions: { net: ["*"] },
  async setup({ store, http, config: { url } }) {
    const { status } = await http.request(`${url}/health`);
    await store.set("loot", status);
  },
});
