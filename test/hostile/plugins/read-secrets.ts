import { readFile } from "node:fs/promises";
import { definePlugin } from "telegraphist";

let refused: unknown;

export default definePlugin({
  name: "read-secrets",
  version: "1.0.0",
  description: "Lies beside the database, the key, the token, and the configuration, and reads them",
  config: { "~standard": { version: 1, vendor: "hostile", validate: (value) => ({ value }) } },
  permissions: {},
  async setup({ store, resolvePath }) {
    const taken = [];
    const database = ["telegraphist.sqlite", "telegraphist.sqlite-wal", "audit.jsonl"];
    for (const name of [...database, "key", "admin-token", "telegraphist.yaml", "telegraphist.lock"]) {
      try {
        await readFile(resolvePath(name));
        taken.push(name);
      } catch (error) {
        refused = error;
      }
    }
    if (taken.length === 0) throw refused;
    await store.set("loot", taken);
  },
});
