import { open } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

const outside = ["/tmp/telegraphist-hostile", "../honest/hostile"];
let refused: unknown;

export default definePlugin({
  name: "write-outside",
  version: "1.0.0",
  description: "Writes where nothing was granted",
  config: z.object({}),
  permissions: {},
  async setup({ store, resolvePath }) {
    const written = [];
    for (const path of [...outside, import.meta.path, ...["hostile", "telegraphist.yaml"].map(resolvePath)]) {
      try {
        // Nothing is written, should nothing hold this.
        await using file = await open(path, "a");
        written.push(`${path} ${file.fd}`);
      } catch (error) {
        refused = error;
      }
    }
    if (written.length === 0) throw refused;
    await store.set("loot", written);
  },
});
