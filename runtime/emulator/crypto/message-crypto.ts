import { randomFillSync } from "node:crypto";
import { sha1, sha256 } from "./hash.ts";
import { decryptIge, encryptIge } from "./ige.ts";

/** Which way a message goes; each way uses other parts of the auth key. */
export type Direction = "to-server" | "to-client";

const minPaddingBytes = 12;

/**
 * Encrypts a message by MTProto 2.0 (core.telegram.org/mtproto/description): returns `msg_key` and the encrypted data.
 *
 * @param message salt, session id, message id, sequence number, length, body
 */
export function sealMessage(authKey: Uint8Array, message: Uint8Array, direction: Direction): Uint8Array {
  const paddingBytes = minPaddingBytes + (-(message.length + minPaddingBytes) & 15);
  const padded = new Uint8Array(message.length + paddingBytes);
  padded.set(message);
  randomFillSync(padded, message.length);
  const messageKey = messageKeyOf(authKey, padded, direction);
  const { key, iv } = aesKeyOf(authKey, messageKey, direction);
  const sealed = new Uint8Array(16 + padded.length);
  sealed.set(messageKey);
  sealed.set(encryptIge(padded, key, iv), 16);
  return sealed;
}

/**
 * Decrypts a message and checks its `msg_key`; returns it with its padding, or null when it was made with another key.
 *
 * @param sealed `msg_key` and the encrypted data, of any length
 */
export function openMessage(
  authKey: Uint8Array,
  sealed: Uint8Array,
  direction: Direction,
): Uint8Array | null {
  const messageKey = sealed.subarray(0, 16);
  // The padded transport adds up to 15 bytes of its own behind the last block.
  const encrypted = sealed.subarray(16, sealed.length - (sealed.length & 15));
  if (encrypted.length === 0) return null;
  const { key, iv } = aesKeyOf(authKey, messageKey, direction);
  const opened = decryptIge(encrypted, key, iv);
  return Buffer.compare(messageKeyOf(authKey, opened, direction), messageKey) === 0 ? opened : null;
}

/**
 * Decrypts what a client made by MTProto 1.0, which is in use for the binding of temporary keys alone
 * (core.telegram.org/mtproto/description_v1); returns it without its padding, or null when it was made with another key.
 *
 * @param lengthOf how many of the decrypted bytes are the message
 */
export function openOldMessage(
  authKey: Uint8Array,
  sealed: Uint8Array,
  lengthOf: (opened: Uint8Array) => number,
): Uint8Array | null {
  const messageKey = sealed.subarray(0, 16);
  const encrypted = sealed.subarray(16);
  if (encrypted.length === 0 || encrypted.length % 16 !== 0) return null;
  const a = sha1(messageKey, authKey.subarray(0, 32));
  const b = sha1(authKey.subarray(32, 48), messageKey, authKey.subarray(48, 64));
  const c = sha1(authKey.subarray(64, 96), messageKey);
  const d = sha1(messageKey, authKey.subarray(96, 128));
  const key = Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]);
  const iv = Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]);
  const opened = decryptIge(encrypted, key, iv);
  const message = opened.subarray(0, lengthOf(opened));
  return Buffer.compare(sha1(message).subarray(4, 20), messageKey) === 0 ? message : null;
}

function messageKeyOf(authKey: Uint8Array, padded: Uint8Array, direction: Direction): Uint8Array {
  const x = offsetOf(direction);
  return sha256(authKey.subarray(88 + x, 120 + x), padded).subarray(8, 24);
}

function aesKeyOf(authKey: Uint8Array, messageKey: Uint8Array, direction: Direction) {
  const x = offsetOf(direction);
  const a = sha256(messageKey, authKey.subarray(x, x + 36));
  const b = sha256(authKey.subarray(40 + x, 76 + x), messageKey);
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  };
}

function offsetOf(direction: Direction): 0 | 8 {
  return direction === "to-server" ? 0 : 8;
}
