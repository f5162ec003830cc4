import { describe, expect, test } from "bun:test";
import { type Cipheriv, createCipheriv, randomBytes } from "node:crypto";
import { AbridgedFraming } from "../../../runtime/emulator/transport/abridged.ts";
import { ByteQueue } from "../../../runtime/emulator/transport/byte-queue.ts";
import { type Framing, FramingError, maxPacketBytes } from "../../../runtime/emulator/transport/framing.ts";
import { FullFraming } from "../../../runtime/emulator/transport/full.ts";
import { IntermediateFraming } from "../../../runtime/emulator/transport/intermediate.ts";
import { Transport } from "../../../runtime/emulator/transport/transport.ts";

interface Client {
  readonly name: string;
  /** What the client sends first, before its first packet. */
  readonly head: Buffer;
  readonly framing: () => Framing;
}

const taggedClients = [
  { name: "abridged", head: Buffer.from("ef", "hex"), framing: () => new AbridgedFraming(), tag: "efefefef" },
  {
    name: "intermediate",
    head: Buffer.from("eeeeeeee", "hex"),
    framing: () => new IntermediateFraming("intermediate"),
    tag: "eeeeeeee",
  },
  {
    name: "padded",
    head: Buffer.from("dddddddd", "hex"),
    framing: () => new IntermediateFraming("padded"),
    tag: "dddddddd",
  },
];
const plainClients: readonly Client[] = [
  ...taggedClients,
  { name: "full", head: Buffer.alloc(0), framing: () => new FullFraming() },
];

const packets = [16, 40, 504, 508, 512, 70_000].map((length) => new Uint8Array(randomBytes(length)));

describe.each(plainClients)("Transport of a client that speaks $name", ({ name, head, framing }) => {
  test.each([1, 3, 7, 64 * 1024])("takes packets in chunks of %d bytes", (chunkBytes) => {
    const client = framing();
    const stream = Buffer.concat([head, ...packets.map((packet) => client.frame(packet))]);
    const transport = new Transport();
    expectPackets(feed(transport, stream, chunkBytes));
    expect(transport.name).toBe(name);
  });

  test("answers so that the client reads it", () => {
    const client = framing();
    const transport = new Transport();
    transport.receive(Buffer.concat([head, client.frame(packets[0] ?? new Uint8Array(16))]));
    const queue = new ByteQueue();
    for (const packet of packets) queue.append(Buffer.from(transport.frame(packet)));
    expectPackets(packets.map(() => client.next(queue)));
  });
});

describe.each(taggedClients)(
  "Transport of a client that speaks obfuscated $name",
  ({ name, framing, tag }) => {
    test("is told and answered", () => {
      const client = framing();
      const { head: obfuscatedHead, outgoing, incoming } = obfuscatedClient(tag);
      const frames = packets.map((packet) => outgoing.update(client.frame(packet)));
      const transport = new Transport();
      expectPackets(feed(transport, Buffer.concat([obfuscatedHead, ...frames]), 5));
      expect(transport.name).toBe(`obfuscated ${name}`);

      const queue = new ByteQueue();
      for (const packet of packets) queue.append(incoming.update(transport.frame(packet)));
      expectPackets(packets.map(() => client.next(queue)));
    });
  },
);

describe("Transport", () => {
  test("refuses a packet that is too long", () => {
    const head = Buffer.from("eeeeeeee00000000", "hex");
    head.writeUInt32LE(maxPacketBytes + 4, 4);
    expect(() => new Transport().receive(head)).toThrow(FramingError);
  });

  test("refuses a checksum that is wrong", () => {
    const frame = Buffer.from(new FullFraming().frame(new Uint8Array(20)));
    frame.writeUInt8(1, 10);
    expect(() => new Transport().receive(frame)).toThrow("its checksum is wrong");
  });

  test("refuses a packet of the full transport that comes twice", () => {
    const frame = Buffer.from(new FullFraming().frame(new Uint8Array(20)));
    expect(() => new Transport().receive(Buffer.concat([frame, frame]))).toThrow("want 1");
  });

  test("refuses an obfuscated head that names no framing", () => {
    expect(() => new Transport().receive(Buffer.alloc(64, 0x11))).toThrow("Cannot tell the transport");
  });

  test("does not speak before the client has", () => {
    expect(() => new Transport().frame(new Uint8Array(4))).toThrow(FramingError);
  });

  test("takes a quick-ack request for the length that it is", () => {
    const abridged = Buffer.concat([Buffer.from([0xef, 0x84]), Buffer.alloc(16, 5)]);
    expect(new Transport().receive(abridged)).toEqual([Buffer.alloc(16, 5)]);
  });
});

/** A packet may carry up to 15 bytes of padding behind it. */
function expectPackets(received: readonly (Uint8Array | null)[]): void {
  expect(received.map((packet, i) => Buffer.from(packet?.subarray(0, packets[i]?.length) ?? []))).toEqual(
    packets.map((packet) => Buffer.from(packet)),
  );
}

function feed(transport: Transport, stream: Buffer, chunkBytes: number): Uint8Array[] {
  const received: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    received.push(...transport.receive(Buffer.from(stream.subarray(at, at + chunkBytes))));
  }
  return received;
}

function obfuscatedClient(tag: string): { head: Buffer; outgoing: Cipheriv; incoming: Cipheriv } {
  const plain = randomBytes(64);
  plain[0] = 0x42;
  plain.writeUInt32LE(0x01020304, 4);
  plain.write(tag, 56, "hex");
  const material = plain.subarray(8, 56);
  const reversed = Buffer.from(material).reverse();
  const outgoing = createCipheriv("aes-256-ctr", material.subarray(0, 32), material.subarray(32));
  const incoming = createCipheriv("aes-256-ctr", reversed.subarray(0, 32), reversed.subarray(32));
  const encrypted = outgoing.update(plain);
  return { head: Buffer.concat([plain.subarray(0, 56), encrypted.subarray(56)]), outgoing, incoming };
}
