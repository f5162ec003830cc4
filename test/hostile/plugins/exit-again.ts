import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "exit-again",
  version: "1.0.0",
  description: "Ends as soon as it has started, each time",
  config: z.object({}),
  permissions: {},
  setup() {
    setTimeout(() => process.exit(0), 1);
  },
});
