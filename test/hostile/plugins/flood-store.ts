import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "flood-store",
  version: "1.0.0",
  description: "Fills its store as fast as it can, and has all of it read back at once",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const value = "x".repeat(1024 ** 2 - 2);
    for (let entry = 0; entry < 40; entry++) await store.set(`entry ${entry}`, value);
    try {
      await store.set("loot", (await store.list("entry")).length);
    } catch {
      for (let entry = 0; ; entry++) await store.set(`entry ${entry % 100}`, value);
    }
  },
});
