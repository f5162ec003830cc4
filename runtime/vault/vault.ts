import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { TelegraphistError } from "../contract/index.ts";
import { keyIdOf, type VaultKey } from "./key.ts";

const algorithm = "aes-256-gcm";
const envelopeVersion = 1;
/** NIST SP 800-38D, 8.2.2: random nonces of 96 bits hold for 2^32 seals under one key. */
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + nonceBytes;

/** Bytes that only the key of that id opens. Laid out as version (1), nonce (12), ciphertext, tag (16). */
export interface SealedBytes {
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

export interface VaultOptions {
  /** Every key that may be needed to open something; after a rotation the former ones too. They are the vault's now. */
  readonly keys: readonly VaultKey[];
  /** The key that seals from now on. */
  readonly activeKeyId: string;
}

/** Seals and opens bytes with AES-256-GCM. Holds keys in memory, reads and writes nothing. */
export interface Vault {
  readonly activeKeyId: string;
  /** @param associatedData names the place that the bytes belong to; they open nowhere else */
  seal(plain: Uint8Array, associatedData: string): SealedBytes;
  /**
   * @throws {TelegraphistError} `VAULT_WRONG_KEY` when they were sealed with a key that this vault does not have
   * @throws {TelegraphistError} `VAULT_CORRUPT` when they were changed, or belong to another place
   */
  open(sealed: SealedBytes, associatedData: string): Uint8Array;
  /** Overwrites the keys; nothing is sealed or opened after it. */
  close(): void;
}

/**
 * @throws {TelegraphistError} `VAULT_UNKNOWN_KEY` when the active key is not among the keys
 * @throws {TelegraphistError} `VAULT_INVALID_KEY` when a key does not have its own id
 */
export function createVault({ keys, activeKeyId }: VaultOptions): Vault {
  const keysById = new Map(keys.map(({ id, key }) => [checkedId(id, key), key]));
  const activeKey = keysById.get(activeKeyId);
  if (activeKey === undefined) {
    throw new TelegraphistError({
      code: "VAULT_UNKNOWN_KEY",
      category: "CONFIG",
      message: `Cannot use key "${activeKeyId}" as it is not among the vault's keys: ${listOf(keysById.keys())}`,
      data: { keyId: activeKeyId, knownKeyIds: [...keysById.keys()] },
    });
  }

  let isClosed = false;
  return {
    activeKeyId,
    seal(plain, associatedData) {
      if (isClosed) throw closed();
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, activeKey, nonce, { authTagLength: tagBytes });
      cipher.setAAD(contextOf(activeKeyId, associatedData));
      const parts = [
        Uint8Array.of(envelopeVersion),
        nonce,
        cipher.update(plain),
        cipher.final(),
        cipher.getAuthTag(),
      ];
      return { keyId: activeKeyId, bytes: new Uint8Array(Buffer.concat(parts)) };
    },
    open({ keyId, bytes }, associatedData) {
      if (isClosed) throw closed();
      const key = keysById.get(keyId);
      if (key === undefined) throw wrongKey(keyId, [...keysById.keys()]);
      if (bytes.length < headerBytes + tagBytes || bytes[0] !== envelopeVersion) throw corrupt(keyId);
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(1, headerBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(contextOf(keyId, associatedData));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        const plain = [decipher.update(bytes.subarray(headerBytes, -tagBytes)), decipher.final()];
        return new Uint8Array(Buffer.concat(plain));
      } catch (cause) {
        throw corrupt(keyId, cause);
      }
    },
    close() {
      isClosed = true;
      for (const key of keysById.values()) key.fill(0);
    },
  };
}

function contextOf(keyId: string, associatedData: string): Uint8Array {
  return Buffer.from(`telegraphist.vault/${envelopeVersion}/${keyId}/${associatedData}`);
}

function checkedId(id: string, key: Uint8Array): string {
  if (key.length === 32 && id === keyIdOf(key)) return id;
  throw new TelegraphistError({
    code: "VAULT_INVALID_KEY",
    category: "CONFIG",
    message: `Cannot use key "${id}" as its id or length is not its own: received ${key.length} bytes`,
  });
}

function closed(): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_CLOSED",
    category: "STORAGE",
    message: "Cannot use the vault: it was closed",
  });
}

function wrongKey(keyId: string, knownKeyIds: readonly string[]): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_WRONG_KEY",
    category: "AUTH",
    message:
      `Cannot open sealed bytes with ${listOf(knownKeyIds)} as key "${keyId}" sealed them: ` +
      "give that key in TELEGRAPHIST_KEY or the key file; nothing was changed",
    data: { keyId, knownKeyIds },
  });
}

function corrupt(keyId: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_CORRUPT",
    category: "STORAGE",
    message: `Cannot open bytes sealed with key "${keyId}": they were changed or stem from another row`,
    data: { keyId },
    cause,
  });
}

function listOf(keyIds: Iterable<string>): string {
  const quoted = [...keyIds].map((id) => `"${id}"`);
  return quoted.length === 0 ? "no key" : `key ${quoted.join(", ")}`;
}
