import { expect, mock, test } from "bun:test";
import { FrameWriter } from "../../runtime/wire/frame-writer.ts";

test("FrameWriter tells of a pipe that breaks while it is full, and fails nothing else", async () => {
  for (let round = 0; round < 5; round++) {
    const child = Bun.spawn([process.execPath, "-e", "setTimeout(() => {}, 60_000)"], { stdin: "pipe" });
    const broken = Promise.withResolvers<unknown>();
    const writer = new FrameWriter(child.stdin, broken.resolve);
    // More than a pipe holds, to a process that reads nothing.
    writer.write(new Uint8Array(4 * 1024 * 1024));
    await Bun.sleep(1);
    child.kill("SIGKILL");
    expect(await broken.promise).toMatchObject({ code: "EPIPE" });
    await writer.drained();
    expect(writer.queuedBytes).toBe(0);
    await child.exited;
  }
});

test("FrameWriter heeds both what a write and what a flush come to, as Bun has either fail", async () => {
  const heeded: string[] = [];
  const failing = (name: string) => () => ({
    // biome-ignore lint/suspicious/noThenProperty: who waits for it is what this is about
    then(_: unknown, reject: (error: Error) => void) {
      heeded.push(name);
      reject(new Error("EPIPE"));
    },
  });
  const onBroken = mock();
  const writer = new FrameWriter({ write: failing("write"), flush: failing("flush") }, onBroken);
  writer.write(new Uint8Array(1));
  await writer.drained();
  expect(heeded.toSorted()).toEqual(["flush", "write"]);
  expect(onBroken).toHaveBeenCalledTimes(1);
});
