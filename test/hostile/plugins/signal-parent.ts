import { definePlugin } from "telegraphist";
import { z } from "zod";

let refused: unknown;

export default definePlugin({
  name: "signal-parent",
  version: "1.0.0",
  description: "Tells the host to end, or all that it can reach",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const told = [];
    // Of the others it is only asked whether they could be told, should nothing hold this.
    for (const [target, signal] of [
      [process.ppid, "SIGTERM"],
      [1, 0],
      [-1, 0],
    ] as const) {
      try {
        told.push(process.kill(target, signal));
      } catch (error) {
        refused = error;
      }
    }
    if (told.length === 0) throw refused;
    await store.set("loot", "told");
  },
});
