import { TelegraphistError } from "../contract/index.ts";
import { createKey, type VaultKey, type VaultOptions } from "../vault/index.ts";
import { createKeyFile, parseKeys, passphraseVariable, readKeyFile } from "./key-file.ts";

/** Holds one key, or several: the first seals, the others still open what they sealed before. */
export const keyVariable = "TELEGRAPHIST_KEY";

export interface KeyOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The key file, used when `TELEGRAPHIST_KEY` is not set. */
  readonly path: string;
  /** Whether the database already holds something sealed; then a key that is missing is never replaced by a new one. */
  readonly hasSealedRows: () => Promise<boolean>;
}

export interface LoadedKeys extends VaultOptions {
  readonly source: "environment" | "file" | "locked-file" | "new-file";
}

/**
 * The keys that the vault needs: from `TELEGRAPHIST_KEY`, else from the key file, which is made with mode 0600 on first
 * use, locked when `TELEGRAPHIST_PASSPHRASE` is set. Keys are base64 or hex of 32 bytes, apart by white space.
 *
 * @throws {TelegraphistError} `VAULT_INVALID_KEY` when there is something else in it
 * @throws {TelegraphistError} `STORAGE_KEY_EXPOSED` when others than the owner may touch the file
 * @throws {TelegraphistError} `STORAGE_KEY_LOCKED`, or `VAULT_WRONG_PASSPHRASE`
 * @throws {TelegraphistError} `STORAGE_KEY_MISSING` when it is gone but sealed rows are there
 */
export async function loadOrCreateKey({ env, path, hasSealedRows }: KeyOptions): Promise<LoadedKeys> {
  const fromEnvironment = textOfVariable(env);
  if (fromEnvironment !== "") return loaded(parseKeys(fromEnvironment, keyVariable), "environment");
  const passphrase = passphraseOf(env);
  const known = await readKeyFile(path, passphrase);
  if (known !== null) return loaded(known.keys, known.isLocked ? "locked-file" : "file");
  if (await hasSealedRows()) throw keyMissing(path);
  const keys = [createKey()];
  if (await createKeyFile(path, keys, passphrase)) return loaded(keys, "new-file");
  // Another program has made one meanwhile.
  return loadOrCreateKey({ env, path, hasSealedRows });
}

/** Whether the key file is left alone, as the environment has the keys. */
export function isKeyInEnvironment(env: KeyOptions["env"]): boolean {
  return textOfVariable(env) !== "";
}

/** `null` when it is not set. */
export function passphraseOf(env: KeyOptions["env"]): string | null {
  return env[passphraseVariable] || null;
}

function textOfVariable(env: KeyOptions["env"]): string {
  return env[keyVariable]?.trim() ?? "";
}

function loaded(keys: readonly VaultKey[], source: LoadedKeys["source"]): LoadedKeys {
  return { keys, activeKeyId: keys[0]?.id ?? "", source };
}

function keyMissing(path: string): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_KEY_MISSING",
    category: "CONFIG",
    message:
      `Cannot find the key that sealed the sessions in the database: no ${keyVariable} and no file "${path}"; ` +
      "restore the key, or move the database away to begin anew",
  });
}
