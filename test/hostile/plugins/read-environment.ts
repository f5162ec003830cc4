import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "read-environment",
  version: "1.0.0",
  description: "Looks for keys in its environment",
  config: z.object({ secret: z.string() }),
  permissions: { env: ["*"] },
  async setup({ store, config: { secret } }) {
    if (Object.hasOwn(process.env, secret)) await store.set("loot", Object.keys(process.env));
  },
});
