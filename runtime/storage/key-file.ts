import { link, mkdir, open, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { formatKey, isLocked, lockText, parseKey, unlockText, type VaultKey } from "../vault/index.ts";
import { lockFile } from "./file-lock.ts";
import { storageError } from "./storage-error.ts";

/** Opens and locks the key file. */
export const passphraseVariable = "TELEGRAPHIST_PASSPHRASE";

/** What a key file holds. */
export interface KeyFile {
  /** The first seals, the others still open what they sealed before. */
  readonly keys: readonly VaultKey[];
  /** Whether a passphrase is needed to read it. */
  readonly isLocked: boolean;
}

/**
 * Reads a key file; `null` when there is none.
 *
 * @param passphrase of no use for a file that is not locked
 * @throws {TelegraphistError} `STORAGE_KEY_EXPOSED` when others than the owner may touch it, `STORAGE_KEY_LOCKED` when
 * the passphrase is missing, `VAULT_WRONG_PASSPHRASE`, `VAULT_INVALID_KEY`, `STORAGE_UNREADABLE`
 */
export async function readKeyFile(path: string, passphrase: string | null): Promise<KeyFile | null> {
  const text = await textOf(path);
  if (text === null) return null;
  if (!isLocked(text)) return { keys: parseKeys(text, `file "${path}"`), isLocked: false };
  if (passphrase === null) throw keyLocked(path);
  try {
    return { keys: parseKeys(await unlockText(text, passphrase), `file "${path}"`), isLocked: true };
  } catch (error) {
    throw hasCode(error, "VAULT_WRONG_PASSPHRASE") ? wrongPassphrase(path, error) : error;
  }
}

/** Reads keys that stand apart by white space, each once. @throws {TelegraphistError} `VAULT_INVALID_KEY` */
export function parseKeys(text: string, source: string): readonly VaultKey[] {
  const keys = text
    .trim()
    .split(/\s+/)
    .map((key) => parseKey(key, source));
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

/**
 * Makes a key file with mode 0600, where a link leads to if its name is one. It appears with the keys in it or not at
 * all, and never in place of another.
 *
 * @param passphrase `null` leaves it open
 * @returns `false` when there is one already
 */
export async function createKeyFile(
  path: string,
  keys: readonly VaultKey[],
  passphrase: string | null,
): Promise<boolean> {
  try {
    const place = await placeOf(path);
    const temporaryPath = `${place}-${crypto.randomUUID()}`;
    await write(temporaryPath, keys, passphrase, () => link(temporaryPath, place));
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw storageError(`Cannot make key file "${path}"`, error);
  }
}

/** A key file that nobody else writes meanwhile: what is read of it holds until it is replaced. */
export interface HeldKeyFile extends Disposable {
  /** Whatever happens, the former or the new one is there whole. @param passphrase `null` leaves it open */
  replace(keys: readonly VaultKey[], passphrase: string | null): Promise<void>;
}

/**
 * Takes a key file, whether it is there yet or not, for whoever writes what he has read before; it is let go of when the
 * process ends, however it ends.
 *
 * @throws {TelegraphistError} `STORAGE_KEY_BUSY` when another has it, `STORAGE_KEY_READ_ONLY`, `STORAGE_UNREADABLE`
 */
export async function holdKeyFile(path: string): Promise<HeldKeyFile> {
  const { place, lock } = await changing(path, async () => {
    const found = await placeOf(path);
    await mkdir(dirname(found), { recursive: true, mode: 0o700 });
    return { place: found, lock: lockFile(found) };
  });
  if (lock === null) throw keyBusy(path);
  return {
    async replace(keys, passphrase) {
      // The same at each time, so that no keys stay where a kill left them.
      const temporaryPath = `${place}-next`;
      await changing(path, async () => {
        await rm(temporaryPath, { force: true });
        await write(temporaryPath, keys, passphrase, () => rename(temporaryPath, place));
      });
    },
    [Symbol.dispose]: () => lock[Symbol.dispose](),
  };
}

async function changing<T>(path: string, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    // A single file that is mounted is busy, and cannot be replaced.
    const reason = ["EROFS", "EACCES", "EPERM", "EBUSY"].find((code) => hasCode(error, code));
    throw reason === undefined
      ? storageError(`Cannot write key file "${path}"`, error)
      : keyReadOnly(path, reason, error);
  }
}

/** Where a file is, or is to be made, that links may lead to: the folder there is the one that is kept. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    const target = await readlink(path).catch(() => null);
    return target === null ? path : placeOf(resolve(await realpath(dirname(path)), target));
  }
}

/** @param path in the folder of the key file; with its name and a dash, which is closed to plugins */
async function write(
  path: string,
  keys: readonly VaultKey[],
  passphrase: string | null,
  putInPlace: () => Promise<void>,
): Promise<void> {
  const text = keys.map(formatKey).join("\n");
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await using file = await open(path, "wx", 0o600);
    await file.writeFile(`${passphrase === null ? text : await lockText(text, passphrase)}\n`);
    await file.sync();
    await putInPlace();
    // A power cut must not take back the name of a key that sessions are about to be sealed with.
    await using folder = await open(dirname(path));
    await folder.sync();
  } finally {
    await rm(path, { force: true });
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw keyExposed(path, mode);
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw storageError(`Cannot read key file "${path}"`, error);
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

function keyLocked(path: string): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_KEY_LOCKED",
    category: "CONFIG",
    message: `Cannot open key file "${path}" as a passphrase locks it: give that in ${passphraseVariable}`,
  });
}

function wrongPassphrase(path: string, cause: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_WRONG_PASSPHRASE",
    category: "CONFIG",
    message:
      `Cannot open key file "${path}" with the passphrase that was given, as in ${passphraseVariable}: ` +
      "it is another one, or the file was changed; nothing was changed now",
    cause,
  });
}

function keyBusy(path: string): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_KEY_BUSY",
    category: "STORAGE",
    retryable: true,
    message: `Cannot change key file "${path}" while another command changes it: do this again when that is done`,
  });
}

function keyReadOnly(path: string, reason: string, cause: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_KEY_READ_ONLY",
    category: "CONFIG",
    message:
      `Cannot change key file "${path}" as it, or its folder, cannot be written (${reason}): ` +
      "change it where it comes from; to rotate, give the keys in TELEGRAPHIST_KEY, a new one first",
    data: { reason },
    cause,
  });
}
