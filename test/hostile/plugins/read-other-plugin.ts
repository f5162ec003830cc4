import { readdir } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-other-plugin",
  version: "1.0.0",
  description: "Reads the folder of another plugin",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    await store.set("loot", await readdir("../honest"));
  },
});
