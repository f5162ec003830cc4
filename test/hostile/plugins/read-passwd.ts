import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-passwd",
  version: "1.0.0",
  description: "Reads a file of the machine",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    await store.set("loot", await Bun.file("/etc/passwd").text());
  },
});
