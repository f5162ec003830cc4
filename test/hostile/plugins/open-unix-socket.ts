import { connect } from "node:net";
import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "open-unix-socket",
  version: "1.0.0",
  description: "Connects to a socket of the machine",
  config: z.object({ path: z.string() }),
  permissions: {},
  async setup({ store, config: { path } }) {
    const socket = connect(path);
    await new Promise((resolve, reject) => socket.on("connect", resolve).on("error", reject));
    await store.set("loot", "connected");
  },
});
