import { connect } from "node:net";
import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "open-tcp",
  version: "1.0.0",
  description: "Connects to a server without being granted the network",
  config: z.object({ port: z.number() }),
  permissions: {},
  async setup({ store, config: { port } }) {
    const socket = connect(port, "127.0.0.1");
    await new Promise((resolve, reject) => socket.on("connect", resolve).on("error", reject));
    await store.set("loot", "connected");
  },
});
