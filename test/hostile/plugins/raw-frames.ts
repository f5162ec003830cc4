import { writeSync } from "node:fs";
import { definePlugin } from "telegraphist";
import { z } from "zod";

function frameOf(text: string, announcedBytes = Buffer.byteLength(text)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(announcedBytes, 0);
  return Buffer.concat([head, Buffer.from(text)]);
}

/** A call with a number that the process has not used; `id` 1 was its first. */
function callOf(id: number, method: string, params: string): Buffer {
  return frameOf(`{"type":"call","id":${id},"method":"${method}","params":${params}}`);
}

/** Calls that share what they carry, as this process has a bound on its memory too. */
function* largeCalls(): Generator<Buffer> {
  const carried = Buffer.alloc(3 * 1024 ** 2, "x");
  const end = Buffer.from('"]}');
  for (let id = 2; id < 26; id++) {
    const start = Buffer.from(`{"type":"call","id":${id},"method":"clock.sleep","params":[60000,"`);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(start.length + carried.length + end.length, 0);
    yield* [head, start, carried, end];
  }
}

const logLine = (message: string) =>
  frameOf(JSON.stringify({ type: "tell", topic: "log", value: { level: "info", message } }));

const frames = {
  malformed: () => [frameOf("{ not JSON")],
  huge: () => [frameOf("{}", 1024 ** 3)],
  "answers nobody asked for": () => [frameOf('{"type":"answer","id":1000000,"value":null}')],
  "another plugin's name": () => [
    frameOf('{"type":"call","id":2,"method":"store.get","params":["seen"],"plugin":"honest"}'),
    callOf(3, "honest.store.get", '["seen"]'),
  ],
  "a number again": () => [callOf(1, "store.list", '[""]'), callOf(1, "store.list", '[""]')],
  "a prototype": () => [callOf(2, "store.set", '["loot",{"__proto__":{"polluted":true}}]')],
  "a prototype of its own": () => [
    frameOf('{"__proto__":{"polluted":true},"type":"call","id":2,"method":"store.list","params":[""]}'),
  ],
  deep: () => [
    frameOf(`{"type":"call","id":2,"method":"store.set","params":["loot",${"[".repeat(2_000_000)}`),
  ],
  "a log line of megabytes": () => [logLine("x".repeat(3 * 1024 ** 2))],
  "log lines without end": () => Array.from({ length: 5_000 }, () => logLine("flood")),
  "calls of megabytes": () => largeCalls(),
  "calls without end": () =>
    Array.from({ length: 5_000 }, (_, index) => callOf(index + 2, "clock.sleep", "[60000]")),
};

/** Writes all of it before the library has another word, though the host reads no faster than it wants to. */
function write(bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(1, bytes.subarray(offset));
    } catch {
      Bun.sleepSync(1);
    }
  }
}

export default definePlugin({
  name: "raw-frames",
  version: "1.0.0",
  description: "Writes to the host past the library that is there for it",
  config: z.object({ frames: z.enum(Object.keys(frames) as (keyof typeof frames)[]) }),
  permissions: {},
  async setup({ store, config }) {
    await store.list("");
    for (const bytes of frames[config.frames]()) write(bytes);
    await new Promise(() => {});
  },
});
