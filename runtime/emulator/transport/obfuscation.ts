import { type Cipheriv, createCipheriv } from "node:crypto";

export const obfuscationHeadBytes = 64;

/** Both key streams of an obfuscated connection, and the tag that names the framing inside. */
export interface Obfuscation {
  readonly tag: number;
  readonly incoming: Cipheriv;
  readonly outgoing: Cipheriv;
}

/**
 * Reads the 64 bytes that an obfuscated connection begins with; the server's keys are the client's, reversed
 * (core.telegram.org/mtproto/mtproto-transports#transport-obfuscation).
 */
export function readObfuscation(head: Uint8Array): Obfuscation {
  const material = head.slice(8, 56);
  const reversed = Uint8Array.from(material).reverse();
  const incoming = createCipheriv("aes-256-ctr", material.subarray(0, 32), material.subarray(32));
  const outgoing = createCipheriv("aes-256-ctr", reversed.subarray(0, 32), reversed.subarray(32));
  return { tag: incoming.update(head).readUInt32LE(56), incoming, outgoing };
}
