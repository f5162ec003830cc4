import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from "node:crypto";
import { TlWriter } from "../tl/tl-writer.ts";
import { sha1 } from "./hash.ts";

/** The server's RSA key, which clients know by its fingerprint and use for the first step of the handshake. */
export class RsaKey {
  readonly #privateKey: KeyObject;
  /** The public part as a PKCS#1 PEM, the form that clients ship. */
  readonly publicKeyPem: string;
  /** The last 8 bytes of `SHA1(n, e)` as a signed long (core.telegram.org/mtproto/auth_key). */
  readonly fingerprint: bigint;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    const publicKey = createPublicKey(privateKey);
    this.publicKeyPem = publicKey.export({ type: "pkcs1", format: "pem" }).toString();
    const { n = "", e = "" } = publicKey.export({ format: "jwk" });
    const writer = new TlWriter();
    writer.bytes(Buffer.from(n, "base64url"));
    writer.bytes(Buffer.from(e, "base64url"));
    this.fingerprint = Buffer.from(sha1(writer.take())).readBigInt64LE(12);
  }

  /**
   * Makes a key of 2048 bits, the only size that MTProto allows. Its fingerprint has all of its 16 hex digits: mtcute
   * drops zeros at the beginning of one that it is told, and then knows no such key.
   */
  static generate(): RsaKey {
    for (;;) {
      const key = new RsaKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
      if (BigInt.asUintN(64, key.fingerprint) >> 60n !== 0n) return key;
    }
  }

  /**
   * Takes a private key from a PEM text (PKCS#1 or PKCS#8).
   *
   * @throws {RangeError} when it is not an RSA key of 2048 bits
   */
  static fromPem(pem: string): RsaKey {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== "rsa" || key.asymmetricKeyDetails?.modulusLength !== 2048) {
      throw new RangeError("Cannot use the key: MTProto takes RSA keys of 2048 bits only");
    }
    return new RsaKey(key);
  }

  /** The private key as a PKCS#8 PEM, to keep the same server over restarts. */
  toPem(): string {
    return this.#privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  }

  /**
   * The bare RSA operation on one block of 256 bytes; the padding is the caller's.
   *
   * @throws {Error} when the block is of another length or not below the modulus
   */
  decrypt(block: Uint8Array): Buffer {
    return privateDecrypt({ key: this.#privateKey, padding: constants.RSA_NO_PADDING }, block);
  }
}
