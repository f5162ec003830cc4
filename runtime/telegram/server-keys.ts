import { createHash, createPublicKey } from "node:crypto";
import bigInt from "big-integer";
import { TelegraphistError } from "../contract/index.ts";
import { serverKeys as knownKeys, serializeBytes } from "./gramjs.ts";

/**
 * Makes GramJS accept a server's RSA keys beside Telegram's own; the same key twice changes nothing.
 *
 * @param publicKeys PKCS#1 or SPKI PEM, 2048 bits each
 * @throws {TelegraphistError} `SERVER_KEY_INVALID`
 */
export function acceptServerKeys(publicKeys: readonly string[]): void {
  for (const pem of publicKeys) {
    const { modulus, exponent } = rsaNumbers(pem);
    knownKeys.set(fingerprintOf(modulus, exponent), {
      n: bigInt(modulus.toString("hex"), 16),
      e: exponent.readUIntBE(0, exponent.length),
    });
  }
}

/** The last 8 bytes of `sha1(TL(n) + TL(e))`, little-endian and signed. Source: core.telegram.org/mtproto/auth_key. */
function fingerprintOf(modulus: Buffer, exponent: Buffer): string {
  const hash = createHash("sha1").update(serializeBytes(modulus)).update(serializeBytes(exponent)).digest();
  return hash.readBigInt64LE(12).toString();
}

function rsaNumbers(pem: string): { readonly modulus: Buffer; readonly exponent: Buffer } {
  try {
    const { n, e } = createPublicKey(pem).export({ format: "jwk" });
    if (typeof n !== "string" || typeof e !== "string") throw new Error("not an RSA key");
    const modulus = Buffer.from(n, "base64url");
    if (modulus.length !== 256) throw new Error(`${modulus.length * 8} bits where 2048 are needed`);
    return { modulus, exponent: Buffer.from(e, "base64url") };
  } catch (cause) {
    throw new TelegraphistError({
      code: "SERVER_KEY_INVALID",
      category: "CONFIG",
      message: `Cannot read a key of telegram.server.publicKeys: ${cause instanceof Error ? cause.message : "unreadable"}`,
      cause,
    });
  }
}
