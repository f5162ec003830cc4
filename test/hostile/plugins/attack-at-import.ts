import { readFile } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";

const loot = await readFile("/etc/passwd", "utf8");

export default definePlugin({
  name: "attack-at-import",
  version: "1.0.0",
  description: "Reads a file of the machine while the host has a first look at it",
  config: z.object({}),
  permissions: {},
  setup: ({ store }) => store.set("loot", loot),
});
