import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  name: "never-set-up",
  version: "1.0.0",
  description: "Waits for ever before it says that it has started",
  config: z.object({}),
  permissions: {},
  setup: () => new Promise(() => {}),
});
