import { hasCode } from "../contract/index.ts";
import type { Vault } from "../vault/index.ts";

/** How a sealed value lies in its row. */
export interface SealedColumns {
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** Seals a plain value as JSON. @param place names the row; it opens nowhere else */
export function sealJson(vault: Vault, value: unknown, place: string): SealedColumns {
  const { keyId, bytes } = vault.seal(Buffer.from(JSON.stringify(value)), place);
  return { keyId, sealed: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/**
 * Opens what `sealJson` sealed; `null` when the row was damaged, as one row must not hold up those behind it.
 *
 * @throws {TelegraphistError} `VAULT_WRONG_KEY`
 */
export function openJson<T>(vault: Vault, { keyId, sealed }: SealedColumns, place: string): T | null {
  try {
    const plain = vault.open({ keyId, bytes: sealed }, place);
    // The vault vouches that this program has written it, at that place.
    return JSON.parse(Buffer.from(plain).toString()) as T;
  } catch (error) {
    if (hasCode(error, "VAULT_CORRUPT")) return null;
    throw error;
  }
}
