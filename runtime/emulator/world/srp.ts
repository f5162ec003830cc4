import { pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { dhGenerator, dhPrime } from "../crypto/diffie-hellman.ts";
import { sha256 } from "../crypto/hash.ts";

/** What the server keeps of a 2FA password (core.telegram.org/api/srp). */
export interface PasswordVerifier {
  readonly salt1: Uint8Array;
  readonly salt2: Uint8Array;
  readonly verifier: bigint;
}

export const srpPrime: Uint8Array = dhPrime;
export const srpGenerator = dhGenerator;

const prime = bigIntOf(dhPrime);
const generatorBytes = bytesOf(BigInt(dhGenerator));
const multiplier = bigIntOf(sha256(dhPrime, generatorBytes));

export function createVerifier(password: string): PasswordVerifier {
  const salt1 = new Uint8Array(randomBytes(40));
  const salt2 = new Uint8Array(randomBytes(16));
  const x = bigIntOf(passwordHash(password, salt1, salt2));
  return { salt1, salt2, verifier: power(BigInt(dhGenerator), x) };
}

/** The server's half of one check. */
export class SrpChallenge {
  readonly #password: PasswordVerifier;
  readonly #secret = bigIntOf(randomBytes(256));
  /** `srp_B`, 256 bytes. */
  readonly publicBytes: Uint8Array;

  constructor(password: PasswordVerifier) {
    this.#password = password;
    const half = power(BigInt(dhGenerator), this.#secret);
    this.publicBytes = bytesOf((multiplier * password.verifier + half) % prime);
  }

  /** Whether the answer proves the password. */
  accepts(clientPublicBytes: Uint8Array, proof: Uint8Array): boolean {
    const clientPublic = bigIntOf(clientPublicBytes);
    if (clientPublic <= 1n || clientPublic >= prime - 1n) return false;
    const padded = bytesOf(clientPublic);
    const u = bigIntOf(sha256(padded, this.publicBytes));
    const shared = power((clientPublic * power(this.#password.verifier, u)) % prime, this.#secret);
    const primeHash = sha256(dhPrime);
    const generatorHash = sha256(generatorBytes);
    const expected = sha256(
      primeHash.map((byte, index) => byte ^ (generatorHash[index] ?? 0)),
      sha256(this.#password.salt1),
      sha256(this.#password.salt2),
      padded,
      this.publicBytes,
      sha256(bytesOf(shared)),
    );
    return proof.length === expected.length && timingSafeEqual(proof, expected);
  }
}

function passwordHash(password: string, salt1: Uint8Array, salt2: Uint8Array): Uint8Array {
  const inner = salted(salted(Buffer.from(password), salt1), salt2);
  return salted(pbkdf2Sync(inner, salt1, 100_000, 64, "sha512"), salt2);
}

function salted(bytes: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(salt, bytes, salt);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % prime;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

function bigIntOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}

function bytesOf(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(512, "0"), "hex"));
}
