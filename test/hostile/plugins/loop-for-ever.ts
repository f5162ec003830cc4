import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "loop-for-ever",
  version: "1.0.0",
  description: "Never gives the processor back",
  config: z.object({}),
  permissions: {},
  async setup() {
    for (;;) Math.random();
  },
});
