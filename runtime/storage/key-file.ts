import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { createKey, formatKey, parseKey, type VaultOptions } from "../vault/index.ts";
import { storageError } from "./storage-error.ts";

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
  readonly source: "environment" | "file" | "new-file";
}

/**
 * The keys that the vault needs: from `TELEGRAPHIST_KEY`, else from the key file, which is made with mode 0600 on first
 * use. Keys are base64 or hex of 32 bytes, apart by white space.
 *
 * @throws {TelegraphistError} `VAULT_INVALID_KEY` when there is something else in it
 * @throws {TelegraphistError} `STORAGE_KEY_EXPOSED` when others than the owner may touch the file
 * @throws {TelegraphistError} `STORAGE_KEY_MISSING` when it is gone but sealed rows are there
 */
export async function loadOrCreateKey({ env, path, hasSealedRows }: KeyOptions): Promise<LoadedKeys> {
  const fromEnvironment = env[keyVariable];
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== "") {
    return keysOf(fromEnvironment, "environment");
  }
  const known = await readKeyFile(path);
  if (known !== null) return keysOf(known, "file");
  if (await hasSealedRows()) throw keyMissing(path);
  return createKeyFile(path);
}

function keysOf(text: string, source: LoadedKeys["source"]): LoadedKeys {
  const keys = text.trim().split(/\s+/).map(parseKey);
  return { keys, activeKeyId: keys[0]?.id ?? "", source };
}

async function readKeyFile(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw keyExposed(path, mode);
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw storageError(`Cannot read key file "${path}"`, error);
  }
}

/** The file appears under its name with the key in it or not at all, and never in place of another. */
async function createKeyFile(path: string): Promise<LoadedKeys> {
  const temporaryPath = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const text = formatKey(createKey());
    await using file = await open(temporaryPath, "wx", 0o600);
    await file.writeFile(`${text}\n`);
    await file.sync();
    await link(temporaryPath, path);
    // A power cut must not take back the name of a key that sessions are about to be sealed with.
    await using folder = await open(dirname(path));
    await folder.sync();
    return keysOf(text, "new-file");
  } catch (error) {
    const theirs = hasCode(error, "EEXIST") ? await readKeyFile(path) : null;
    if (theirs !== null) return keysOf(theirs, "file");
    throw storageError(`Cannot make key file "${path}"`, error);
  } finally {
    await rm(temporaryPath, { force: true });
  }
}

function keyExposed(path: string, mode: number): TelegraphistError {
  const shown = (mode & 0o777).toString(8).padStart(3, "0");
  return new TelegraphistError({
    code: "STORAGE_KEY_EXPOSED",
    category: "CONFIG",
    message: `Cannot use key file "${path}" as others may read or change it: mode ${shown}; run chmod 600 ${path}`,
  });
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
