import { lookup, resolve4 } from "node:dns/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

let refused: unknown;

export default definePlugin({
  name: "look-up-name",
  version: "1.0.0",
  description: "Carries something out in the name that it looks up",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const found = [];
    for (const look of [lookup, resolve4]) {
      try {
        found.push(await look("loot.example.com"));
      } catch (error) {
        refused = error;
      }
    }
    if (found.length === 0) throw refused;
    await store.set("loot", "looked up");
  },
});
