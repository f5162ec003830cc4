import { createCipheriv, createDecipheriv } from "node:crypto";

const blockBytes = 16;

/**
 * AES-256 in IGE mode, encrypting. OpenSSL's CBC does the work: with `z_i = c_i ^ p_(i-1)` the mode's
 * `c_i = E(p_i ^ c_(i-1)) ^ p_(i-1)` becomes `z_i = E((p_i ^ p_(i-2)) ^ z_(i-1))`.
 *
 * @param plain a multiple of 16 bytes
 * @param iv 32 bytes: the block before the first of the cipher text, then that of the plain text
 */
export function encryptIge(plain: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  assertBlocks(plain);
  const previous = new Uint8Array(plain.length);
  previous.set(iv.subarray(blockBytes));
  previous.set(plain.subarray(0, plain.length - blockBytes), blockBytes);

  const chained = new Uint8Array(plain);
  xorInto(chained.subarray(blockBytes), previous);
  const cipher = createCipheriv("aes-256-cbc", key, iv.subarray(0, blockBytes)).setAutoPadding(false);
  const encrypted = new Uint8Array(cipher.update(chained));
  xorInto(encrypted, previous);
  return encrypted;
}

/**
 * AES-256 in IGE mode, decrypting: `p_i = D(c_i ^ p_(i-1)) ^ c_(i-1)`, block by block, as each needs the one before.
 *
 * @param encrypted a multiple of 16 bytes
 * @param iv 32 bytes, as for `encryptIge()`
 */
export function decryptIge(encrypted: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  assertBlocks(encrypted);
  const decipher = createDecipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  const plain = new Uint8Array(encrypted.length);
  let beforeEncrypted = iv.subarray(0, blockBytes);
  let beforePlain = iv.subarray(blockBytes);
  for (let at = 0; at < encrypted.length; at += blockBytes) {
    const block = plain.subarray(at, at + blockBytes);
    const source = encrypted.subarray(at, at + blockBytes);
    block.set(source);
    xorInto(block, beforePlain);
    block.set(decipher.update(block));
    xorInto(block, beforeEncrypted);
    beforeEncrypted = source;
    beforePlain = block;
  }
  return plain;
}

function assertBlocks(bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length % blockBytes !== 0) {
    throw new RangeError(`Cannot use AES-IGE on ${bytes.length} bytes: want a multiple of 16`);
  }
}

function xorInto(target: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) ^ (mask[i] ?? 0);
}
