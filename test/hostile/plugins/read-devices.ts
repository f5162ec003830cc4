import { open } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

let refused: unknown;

export default definePlugin({
  name: "read-devices",
  version: "1.0.0",
  description: "Reads the machine's memory, its disks, and its terminals",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const taken = [];
    for (const path of [
      "/dev/mem",
      "/proc/kcore",
      "/dev/tty",
      "/dev/sda",
      "/dev/vda",
      "/dev/shm/x",
      "/proc/1/environ",
    ]) {
      try {
        await using file = await open(path, "r");
        taken.push(`${path} ${file.fd}`);
      } catch (error) {
        refused = error;
      }
    }
    if (taken.length === 0) throw refused;
    await store.set("loot", taken);
  },
});
