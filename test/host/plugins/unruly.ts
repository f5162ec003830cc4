import { z } from "zod";
import { definePlugin } from "../../../runtime/contract/index.ts";

const { console: printer } = globalThis;

/** A plugin that does with its own process what a message tells it to. */
export default definePlugin({
  name: "unruly",
  version: "1.0.0",
  description: "Does what it is told",
  config: z.object({}),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  async setup({ on, log, store, clock }) {
    const hoard: unknown[] = [];
    const acts: Readonly<Record<string, () => unknown>> = {
      exit: () => process.exit(3),
      kill: () => process.kill(process.pid, "SIGKILL"),
      throw: () => queueMicrotask(() => void raise()),
      reject: () => void Promise.reject(new TypeError("nobody catches this")),
      loop: () => {
        for (;;) hoard.length = 0;
      },
      leak: () => {
        for (;;) hoard.push(new Uint8Array(1024 ** 2).fill(hoard.length));
      },
      print: () => {
        printer.log("printed %d", 1);
        process.stdout.write("written\n");
        printer.error(new Error("shown"));
      },
      "break frames": () => Bun.write(Bun.stdout, "no frame at all"),
      chatter: () => {
        for (let line = 0; line < 5_000; line++) log.info("chatter", { line });
      },
      hoard: () => Promise.all(Array.from({ length: 2_000 }, (_, key) => store.set(`key-${key}`, key))),
      wait: () => clock.sleep(3_600_000),
    };
    on("message.received", async ({ text }) => {
      await acts[text]?.();
      await store.set("last", text);
    });
    await store.set("last", "started");
  },
});

function raise(): never {
  throw new RangeError("nobody catches that");
}
