import { createHash } from "node:crypto";

/**
 * What the protocol calls an auth key by, as its packets begin: the last 64 bits of the key's SHA-1
 * (core.telegram.org/mtproto/description#key-identifier-auth-key-id). It is no secret.
 */
export function authKeyIdOf(authKey: Uint8Array): Buffer {
  return createHash("sha1").update(authKey).digest().subarray(12, 20);
}
