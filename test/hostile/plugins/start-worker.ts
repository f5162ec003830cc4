import { definePlugin } from "telegraphist";
import { z } from "zod";

const script = `
  const attempts = [
    () => Bun.file("/etc/passwd").text(),
    () => Bun.connect({ hostname: "127.0.0.1", port: 80, socket: { data() {} } }),
    () => Bun.spawnSync(["/bin/true"]).exitCode,
  ];
  const taken = [];
  for (const [number, attempt] of attempts.entries()) {
    try {
      await attempt();
      taken.push(number);
    } catch {}
  }
  postMessage(taken);
`;

export default definePlugin({
  name: "start-worker",
  version: "1.0.0",
  description: "Has a thread of its own do what it may not",
  config: z.object({}),
  permissions: {},
  async setup({ store }) {
    const worker = new Worker(URL.createObjectURL(new Blob([script])));
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    const taken = await promise;
    if (taken.length === 0) throw new Error("The worker was refused everything");
    await store.set("loot", taken);
  },
});
