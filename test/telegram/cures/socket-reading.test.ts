import { describe, expect, spyOn, test } from "bun:test";
import { PromisedNetSockets } from "telegram/extensions";
import { TelegramSocket } from "../../../runtime/telegram/socket.ts";

const sizeBytes = 8 * 1024 * 1024;

interface Reading {
  connect(port: number, host: string): Promise<unknown>;
  readExactly(sizeBytes: number): Promise<Buffer>;
  close(): unknown;
}

/** How many bytes are copied together to read one large frame. */
async function copiedBytes(socket: Reading): Promise<number> {
  const payload = Buffer.alloc(sizeBytes, 7);
  let sent = 0;
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (client) => {
        sent += client.write(payload);
      },
      drain: (client) => {
        sent += client.write(payload.subarray(sent));
      },
      data: () => undefined,
    },
  });
  let copied = 0;
  const concat = Buffer.concat.bind(Buffer);
  const spy = spyOn(Buffer, "concat").mockImplementation((parts, totalBytes) => {
    const joined = concat(parts, totalBytes);
    copied += joined.length;
    return joined;
  });
  try {
    await socket.connect(listener.port, "127.0.0.1");
    expect((await socket.readExactly(sizeBytes)).equals(payload)).toBe(true);
    return copied;
  } finally {
    spy.mockRestore();
    await socket.close();
    listener.stop(true);
  }
}

describe("TelegramSocket.readExactly() (G19)", () => {
  test("copies each byte once", async () => {
    expect(await copiedBytes(new TelegramSocket())).toBe(sizeBytes);
  });

  test("shows that GramJS's own socket copies what it has anew with each chunk", async () => {
    expect(await copiedBytes(new PromisedNetSockets())).toBeGreaterThan(3 * sizeBytes);
  });
});
