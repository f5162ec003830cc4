import { TelegraphistError } from "../contract/index.ts";
import type { Storage } from "../storage/index.ts";
import type { VaultOptions } from "../vault/index.ts";

/**
 * Refuses keys with which nothing should be sealed in a database. In the middle of a rotation they are fit: some rows
 * open with the one, some with the other.
 *
 * @throws {TelegraphistError} `VAULT_WRONG_KEY` when something is sealed and nothing of it with one of these keys,
 * `VAULT_KEY_RETIRED` when the active one was rotated out
 */
export async function requireUsableKeys(
  { sealedRows }: Storage,
  { activeKeyId, keys }: VaultOptions,
): Promise<void> {
  const ids = keys.map(({ id }) => id);
  if (!(await sealedRows.isSealedWith(ids))) {
    const sealers = new Set((await sealedRows.count()).map(({ keyId }) => keyId));
    if (sealers.size > 0) throw wrongKey(ids, [...sealers]);
  }
  const retired = await sealedRows.retired();
  if (!retired.includes(activeKeyId)) return;
  throw keyRetired(
    activeKeyId,
    ids.find((id) => !retired.includes(id)),
  );
}

function wrongKey(knownKeyIds: readonly string[], sealers: readonly string[]): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_WRONG_KEY",
    category: "AUTH",
    message:
      `Cannot use key ${listOf(knownKeyIds)} as key ${listOf(sealers)} sealed what the database holds: ` +
      "give that key in TELEGRAPHIST_KEY or the key file; nothing was changed",
    data: { keyId: sealers[0] ?? "", knownKeyIds },
  });
}

function keyRetired(keyId: string, fitKeyId: string | undefined): TelegraphistError {
  const successor = fitKeyId === undefined ? "the one that took its place" : `key "${fitKeyId}"`;
  return new TelegraphistError({
    code: "VAULT_KEY_RETIRED",
    category: "CONFIG",
    message:
      `Cannot seal with key "${keyId}" as a rotation has retired it: put ${successor} before it, or else a new one ` +
      '("telegraphist key new" makes one), and run "telegraphist key rotate"; nothing was changed',
    data: { keyId },
  });
}

function listOf(keyIds: readonly string[]): string {
  return keyIds.map((id) => `"${id}"`).join(", ");
}
