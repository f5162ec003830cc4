import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "native-module",
  version: "1.0.0",
  description: "Loads a native module",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const module = { exports: {} };
    process.dlopen(module, "/lib/x86_64-linux-gnu/libm.so.6");
    await store.set("loot", Object.keys(module.exports));
  },
});
