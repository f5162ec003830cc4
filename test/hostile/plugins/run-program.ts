import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "run-program",
  version: "1.0.0",
  description: "Runs a program",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const { exitCode } = Bun.spawnSync(["/bin/sh", "-c", "true"]);
    await store.set("loot", exitCode);
  },
});
