import { serializeBytes } from "../gramjs.ts";
import { bytesOfBase64, type CompleteSession, type PortableSession } from "./portable-session.ts";

const version = 3;
const dataCentreVersion = 2;
const hasSelf = 1;
const isTestOfOld = 2;
const hasMedia = 4;
const isTestDataCentre = 4;
const tlFalse = 0xbc799737;

/**
 * Session string of mtcute, version 3: base64url of flags, the home data centre, one for media, the person, and the key,
 * as TL writes them. Source: its `highlevel/utils/string-session.ts` and `utils/dcs.ts`.
 */
export function readMtcuteString(text: string): PortableSession | null {
  const bytes = bytesOfBase64(text);
  if (bytes === null || bytes[0] !== version) return null;
  try {
    return read(new TlReader(bytes, 1));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export function writeMtcuteString({ address, authKey, dataCentreId, ...session }: CompleteSession): string {
  const flags = Buffer.alloc(4);
  flags.writeInt32LE(hasSelf);
  const port = Buffer.alloc(4);
  port.writeInt32LE(address.port);
  const isIpv6 = address.host.includes(":") ? 1 : 0;
  const home = Buffer.concat([
    Buffer.from([dataCentreVersion, dataCentreId, isIpv6 | (session.isTest ? isTestDataCentre : 0)]),
    serializeBytes(address.host),
    port,
  ]);
  const self = Buffer.alloc(12);
  self.writeBigInt64LE(BigInt(session.userId), 0);
  self.writeUInt32LE(tlFalse, 8);
  const parts = [
    Buffer.from([version]),
    flags,
    serializeBytes(home),
    self,
    serializeBytes(Buffer.from(authKey)),
  ];
  return Buffer.concat(parts).toString("base64url");
}

function read(reader: TlReader): PortableSession {
  const flags = reader.int();
  const home = new TlReader(reader.bytes());
  home.byte();
  const dataCentreId = home.byte();
  const isTest = (home.byte() & isTestDataCentre) !== 0 || (flags & isTestOfOld) !== 0;
  const address = { host: home.bytes().toString("utf8"), port: home.int() };
  if ((flags & hasMedia) !== 0) reader.bytes();
  const userId = (flags & hasSelf) === 0 ? null : String(reader.long());
  // Whether it is a bot.
  if (userId !== null) reader.int();
  return { dataCentreId, address, isTest, authKey: Uint8Array.from(reader.bytes()), userId };
}

/** Reads past the end throw `RangeError`. */
class TlReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes.readUInt8(this.#at - 1);
  }

  int(): number {
    this.#at += 4;
    return this.#bytes.readInt32LE(this.#at - 4);
  }

  long(): bigint {
    this.#at += 8;
    return this.#bytes.readBigInt64LE(this.#at - 8);
  }

  bytes(): Buffer {
    const first = this.byte();
    const length = first === 254 ? this.#bytes.readUIntLE(this.#at, 3) : first;
    if (first === 254) this.#at += 3;
    const head = first === 254 ? 4 : 1;
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("The bytes end early");
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end + ((4 - ((head + length) % 4)) % 4);
    return found;
  }
}
