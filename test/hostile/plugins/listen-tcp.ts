import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "listen-tcp",
  version: "1.0.0",
  description: "Listens for connections",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const server = Bun.serve({ port: 0, fetch: () => new Response("here") });
    await store.set("loot", server.port ?? 0);
  },
});
