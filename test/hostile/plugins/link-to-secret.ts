import { link, readFile, symlink } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

let refused: unknown;

export default definePlugin({
  name: "link-to-secret",
  version: "1.0.0",
  description: "Puts a link to the key into a folder of its own, and reads the key by it",
  config: z.object({}),
  permissions: {},
  async setup({ store, resolvePath }) {
    const taken = [];
    for (const make of [link, symlink]) {
      try {
        await make(resolvePath("key"), make.name);
        taken.push((await readFile(make.name)).length);
      } catch (error) {
        refused = error;
      }
    }
    if (taken.length === 0) throw refused;
    await store.set("loot", taken);
  },
});
