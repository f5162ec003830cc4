import type { DataCentre } from "../data-centres.ts";
import { ConnectionTCPFull, type GramLogger, InvalidBufferError, InvalidChecksumError } from "../gramjs.ts";
import type { TelegramSocket } from "../socket.ts";

type SocketClass = ConstructorParameters<typeof ConnectionTCPFull>[0]["socket"];

const headBytes = 8;
const checksumBytes = 4;

/**
 * Cures the checksum half of G21: GramJS computes CRC32 byte by byte in JavaScript and copies each frame twice for it.
 * This is the same framing (core.telegram.org/mtproto/mtproto-transports#full) with the runtime's own CRC32.
 */
export class FullTransport extends ConnectionTCPFull {
  // GramJS's own field has the type of its own codecs, which declare a constructor for a Buffer that they never get.
  override PacketCodecClass = FullCodec as unknown as NonNullable<ConnectionTCPFull["PacketCodecClass"]>;

  constructor({ id, host, port }: DataCentre, socket: TelegramSocket, log: GramLogger) {
    // GramJS makes its socket with `new`, to which a function answers with the object that it returns. Of the socket
    // this transport calls connect, readExactly, write and close, which ours has.
    const socketClass = function giveSocket() {
      return socket;
    } as unknown as SocketClass;
    super({ ip: host, port, dcId: id, loggers: log, socket: socketClass, testServers: false });
  }
}

/** Frames of the full transport: length, sequence number, payload, CRC32 of all before it. */
export class FullCodec {
  /** This transport begins without a tag. */
  readonly tag = undefined;
  #sent = 0;

  encodePacket(payload: Buffer): Buffer {
    const sizeBytes = headBytes + payload.length + checksumBytes;
    const frame = Buffer.allocUnsafe(sizeBytes);
    frame.writeInt32LE(sizeBytes, 0);
    frame.writeInt32LE(this.#sent, 4);
    payload.copy(frame, headBytes);
    frame.writeUInt32LE(
      Bun.hash.crc32(frame.subarray(0, sizeBytes - checksumBytes)),
      sizeBytes - checksumBytes,
    );
    this.#sent += 1;
    return frame;
  }

  /** @throws {InvalidBufferError} when the server answers with a transport error, {InvalidChecksumError} */
  async readPacket(socket: TelegramSocket): Promise<Buffer> {
    const head = await socket.readExactly(headBytes);
    const sizeBytes = head.readInt32LE(0);
    // A transport error may stand where the length does, and again behind it (github.com/LonamiWebs/Telethon/issues/4042).
    if (sizeBytes < 0) throw new InvalidBufferError(await socket.readExactly(4));
    const rest = await socket.readExactly(sizeBytes - headBytes);
    const payload = rest.subarray(0, -checksumBytes);
    const expected = Bun.hash.crc32(payload, Bun.hash.crc32(head));
    const received = rest.readUInt32LE(payload.length);
    if (received !== expected) throw new InvalidChecksumError(received, expected);
    return payload;
  }
}
