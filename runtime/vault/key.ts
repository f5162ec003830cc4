import { createHash, randomBytes } from "node:crypto";
import { TelegraphistError } from "../contract/index.ts";

const keyBytes = 32;

/** A key with the name that sealed bytes carry of it. Made by `parseKey` and `createKey` only. */
export interface VaultKey {
  /** 16 hex digits that tell keys apart and nothing else about them. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/**
 * Reads a key from 64 hex digits or from base64 (either alphabet) of 32 bytes; white space around it does not count.
 *
 * @param source where it stands, for the message
 * @throws {TelegraphistError} `VAULT_INVALID_KEY` when it is neither; the text is not repeated
 */
export function parseKey(text: string, source?: string): VaultKey {
  const trimmed = text.trim();
  const isHex = /^[0-9a-fA-F]{64}$/.test(trimmed);
  if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) {
    throw new TelegraphistError({
      code: "VAULT_INVALID_KEY",
      category: "CONFIG",
      message: `Cannot read key${source === undefined ? "" : ` of ${source}`} as it must be ${keyBytes} bytes in base64 or hex: received ${trimmed.length} characters`,
    });
  }
  return keyOf(new Uint8Array(Buffer.from(trimmed, isHex ? "hex" : "base64")));
}

/** Makes a new key from the system's randomness. */
export function createKey(): VaultKey {
  return keyOf(new Uint8Array(randomBytes(keyBytes)));
}

/** The form of a key that files and environment variables hold: base64, 44 characters. */
export function formatKey({ key }: VaultKey): string {
  return Buffer.from(key).toString("base64");
}

/** The id of a key: the first 8 bytes of a hash that is used for nothing else. */
export function keyIdOf(key: Uint8Array): string {
  return createHash("sha256").update("telegraphist.vault.key-id\0").update(key).digest("hex").slice(0, 16);
}

function keyOf(key: Uint8Array): VaultKey {
  return { id: keyIdOf(key), key };
}
