import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "fetch-itself",
  version: "1.0.0",
  description: "Fetches past the host",
  config: z.object({ port: z.number() }),
  permissions: {},
  async setup({ store, config: { port } }) {
    const response = await Bun.fetch(`http://127.0.0.1:${port}/`);
    await store.set("loot", response.status);
  },
});
