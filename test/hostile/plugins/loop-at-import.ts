import { definePlugin } from "telegraphist";
import { z } from "zod";

for (; !Number.isNaN(performance.now()); );

export default definePlugin({
  name: "loop-at-import",
  version: "1.0.0",
  description: "Never gives the processor back, not even to say what it is",
  config: z.object({}),
  permissions: {},
  setup() {},
});
