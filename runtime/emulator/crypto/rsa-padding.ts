import { sha1, sha256 } from "./hash.ts";
import { decryptIge } from "./ige.ts";

const keyBytes = 32;
const dataBytes = 192;

/**
 * Opens RSA_PAD (core.telegram.org/mtproto/auth_key, step 4.1): returns the data with its random padding, or null when
 * the block is none of RSA_PAD.
 *
 * @param block 256 bytes, after the bare RSA operation
 */
export function openRsaPad(block: Uint8Array): Uint8Array | null {
  const encrypted = block.subarray(keyBytes);
  const mask = sha256(encrypted);
  const key = block.subarray(0, keyBytes).map((byte, i) => byte ^ (mask[i] ?? 0));
  const opened = decryptIge(encrypted, key, new Uint8Array(32));
  const data = opened.slice(0, dataBytes).reverse();
  return Buffer.compare(sha256(key, data), opened.subarray(dataBytes)) === 0 ? data : null;
}

/**
 * Opens the older padding, `SHA1(data) + data + random bytes` of 255 bytes.
 *
 * @param block 256 bytes, after the bare RSA operation
 * @param lengthOf tells how many bytes the data at the start of what follows the hash has
 */
export function openSha1Padding(
  block: Uint8Array,
  lengthOf: (bytes: Uint8Array) => number,
): Uint8Array | null {
  return openSha1(block.subarray(1), lengthOf);
}

/** Opens `SHA1(data) + data + random bytes`; null when the hash does not fit. */
export function openSha1(bytes: Uint8Array, lengthOf: (bytes: Uint8Array) => number): Uint8Array | null {
  const data = bytes.subarray(20);
  const exact = data.subarray(0, lengthOf(data));
  return Buffer.compare(sha1(exact), bytes.subarray(0, 20)) === 0 ? exact : null;
}
