import { openMessage, sealMessage } from "../crypto/message-crypto.ts";
import { TlReader } from "../tl/tl-reader.ts";
import type { AuthKey } from "./auth-keys.ts";
import type { Message } from "./packing.ts";

const headBytes = 32;
const keyIdBytes = 8;

/** An encrypted packet from a client, opened. */
export interface Envelope {
  readonly salt: bigint;
  readonly sessionId: bigint;
  readonly message: Message;
}

/** The id of the auth key that a packet names, as 16 hex digits; null when it is not encrypted. */
export function keyIdOf(packet: Uint8Array): string | null {
  const id = Buffer.from(packet.subarray(0, keyIdBytes)).toString("hex");
  return /^0+$/.test(id) ? null : id;
}

/** Opens a client's packet; null when it was not made with this key or its length does not fit. */
export function openEnvelope(key: AuthKey, packet: Uint8Array): Envelope | null {
  const opened = openMessage(key.bytes, packet.subarray(keyIdBytes), "to-server");
  if (opened === null || opened.length < headBytes) return null;
  const reader = new TlReader(opened);
  const salt = reader.long();
  const sessionId = reader.long();
  const id = reader.long();
  const sequence = reader.int();
  const length = reader.uint32();
  const padding = reader.remaining - length;
  if (padding < 12 || padding > 1024 || length % 4 !== 0) return null;
  return { salt, sessionId, message: { id, sequence, body: reader.raw(length) } };
}

/** Makes the packet that carries a message to a client. */
export function sealEnvelope(key: AuthKey, { salt, sessionId, message }: Envelope): Uint8Array {
  const plain = Buffer.allocUnsafe(headBytes + message.body.length);
  plain.writeBigInt64LE(salt, 0);
  plain.writeBigInt64LE(sessionId, 8);
  plain.writeBigInt64LE(message.id, 16);
  plain.writeInt32LE(message.sequence, 24);
  plain.writeUInt32LE(message.body.length, 28);
  plain.set(message.body, headBytes);
  const sealed = sealMessage(key.bytes, plain, "to-client");
  const packet = new Uint8Array(keyIdBytes + sealed.length);
  packet.set(key.idBytes);
  packet.set(sealed, keyIdBytes);
  return packet;
}

/**
 * The data of an unencrypted packet.
 *
 * @throws {TlError} when its length does not fit
 */
export function openPlain(packet: Uint8Array): Uint8Array {
  const reader = new TlReader(packet.subarray(16));
  return reader.raw(reader.uint32());
}

/** An unencrypted packet, as the handshake uses. */
export function plainPacket(messageId: bigint, data: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(20 + data.length);
  packet.writeBigInt64LE(messageId, 8);
  packet.writeUInt32LE(data.length, 16);
  packet.set(data, 20);
  return packet;
}
