// GramJS's index has to be loaded before what is inside the package.
import "telegram";
import { describe, expect, test } from "bun:test";
import { FullPacketCodec } from "telegram/network/connection/TCPFull";
import { FullCodec } from "../../../runtime/telegram/cures/full-transport.ts";
import { TelegramSocket } from "../../../runtime/telegram/socket.ts";

/** A socket whose other side sends these bytes and no more. */
async function socketWith(bytes: Buffer): Promise<TelegramSocket & Disposable> {
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => void socket.write(bytes), data: () => undefined },
  });
  const socket = new TelegramSocket();
  await socket.connect(listener.port, "127.0.0.1");
  return Object.assign(socket, {
    [Symbol.dispose]: () => {
      socket.close();
      listener.stop(true);
    },
  });
}

const payload = Buffer.from(crypto.getRandomValues(new Uint8Array(1000)));

describe("FullCodec (G21: the checksum)", () => {
  test("makes the same frames as GramJS, one after another", () => {
    const ours = new FullCodec();
    const theirs = new FullPacketCodec(Buffer.alloc(0));
    for (let frame = 0; frame < 3; frame += 1) {
      // GramJS declares that it returns nothing, and returns the frame.
      const expected = theirs.encodePacket(payload) as unknown as Buffer;
      expect(ours.encodePacket(payload).equals(expected)).toBe(true);
    }
  });

  test("reads what it makes", async () => {
    using socket = await socketWith(new FullCodec().encodePacket(payload));
    expect((await new FullCodec().readPacket(socket)).equals(payload)).toBe(true);
  });

  test("refuses a frame in which a bit was turned", async () => {
    const frame = new FullCodec().encodePacket(payload);
    frame.writeUInt8(frame.readUInt8(500) ^ 1, 500);
    using socket = await socketWith(frame);
    await expect(new FullCodec().readPacket(socket)).rejects.toThrow("Invalid checksum");
  });

  test("tells a transport error that stands where a length does", async () => {
    const frame = Buffer.alloc(12);
    for (const at of [0, 4, 8]) frame.writeInt32LE(-429, at);
    using socket = await socketWith(frame);
    await expect(new FullCodec().readPacket(socket)).rejects.toMatchObject({ code: 429 });
  });
});
