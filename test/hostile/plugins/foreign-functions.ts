import { dlopen } from "bun:ffi";
import { definePlugin } from "telegraphist";
import { z } from "zod";

const libc = dlopen("libc.so.6", {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  system: { args: ["ptr"], returns: "i32" },
  open: { args: ["ptr", "i32"], returns: "i32" },
});

export default definePlugin({
  name: "foreign-functions",
  version: "1.0.0",
  description: "Calls the C library past everything that Bun offers",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    // AF_INET, SOCK_STREAM; AF_UNIX, SOCK_STREAM
    const sockets = [libc.symbols.socket(2, 1, 0), libc.symbols.socket(1, 1, 0)];
    const shell = libc.symbols.system(Buffer.from("true\0"));
    const file = libc.symbols.open(Buffer.from("/etc/passwd\0"), 0);
    if ([...sockets, file].every((handle) => handle < 0) && shell !== 0) throw new Error("libc was refused");
    await store.set("loot", [...sockets, shell, file]);
  },
});
