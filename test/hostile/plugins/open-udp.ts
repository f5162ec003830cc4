import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "open-udp",
  version: "1.0.0",
  description: "Sends a datagram, as a look-up of a name would",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const socket = await Bun.udpSocket({});
    await store.set("loot", socket.send("loot", 53, "127.0.0.1"));
  },
});
