import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "exhaust-memory",
  version: "1.0.0",
  description: "Takes memory until there is none",
  config: z.object({}),
  permissions: {},
  async setup() {
    const taken: Uint8Array[] = [];
    for (;;) {
      taken.push(new Uint8Array(16 * 1024 * 1024).fill(1));
      await Bun.sleep(0);
    }
  },
});
