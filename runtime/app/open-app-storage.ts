import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { hardenProcess } from "../sandbox/index.ts";
import {
  hasSealedRows,
  type LoadedKeys,
  loadOrCreateKey,
  openStorage,
  type Storage,
} from "../storage/index.ts";
import { createVault, type VaultOptions } from "../vault/index.ts";
import { requireUsableKeys } from "./usable-keys.ts";

/** Which database and key a configuration names. */
export interface StoragePlace {
  readonly config: { readonly storage: Pick<TelegraphistConfig["storage"], "path" | "keyFile"> };
  readonly baseFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What an open storage writes its warnings to, and its time. */
export interface StorageShell {
  readonly logger: Logger;
  readonly now: () => number;
}

/** Absolute paths of the database and the key file. */
export function storagePaths({ config, baseFolder }: Pick<StoragePlace, "config" | "baseFolder">): {
  readonly database: string;
  readonly keyFile: string;
} {
  const { path, keyFile } = config.storage;
  return {
    database: path === ":memory:" ? path : resolve(baseFolder, path),
    keyFile: resolve(baseFolder, keyFile),
  };
}

/**
 * The absolute path of the folder in which each plugin has one of its own: `plugins` beside the database. Beside the key,
 * which may be where nothing can be written, for a database in memory, and where there is only that one by now.
 */
export function pluginFolderOf(place: Pick<StoragePlace, "config" | "baseFolder">): string {
  const { database, keyFile } = storagePaths(place);
  const besideKey = join(dirname(keyFile), "plugins");
  if (database === ":memory:") return besideKey;
  const besideDatabase = join(dirname(database), "plugins");
  // What plugins kept there before the database's folder counted is not lost.
  return !existsSync(besideDatabase) && existsSync(besideKey) ? besideKey : besideDatabase;
}

/**
 * Opens the configured database with the configured key; on first use both are made.
 *
 * @throws {TelegraphistError} what `loadOrCreateKey` and `openStorageWith` throw
 */
export async function openAppStorage(place: StoragePlace, shell: StorageShell): Promise<Storage> {
  return openStorageWith(place, await loadAppKeys(place), shell);
}

/** @throws {TelegraphistError} what `loadOrCreateKey` throws */
export function loadAppKeys(place: StoragePlace): Promise<LoadedKeys> {
  const { database, keyFile } = storagePaths(place);
  return loadOrCreateKey({
    env: place.env,
    path: keyFile,
    hasSealedRows: () => hasSealedRows(database),
  });
}

/**
 * Opens the configured database with these keys, as `openStorageToLook` does, for whoever may seal something.
 *
 * @throws {TelegraphistError} what `openStorage` and `requireUsableKeys` throw
 */
export async function openStorageWith(
  place: StoragePlace,
  keys: VaultOptions,
  shell: StorageShell,
): Promise<Storage> {
  const storage = await openStorageToLook(place, keys, shell);
  try {
    await requireUsableKeys(storage, keys);
    return storage;
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/**
 * Opens the configured database with these keys, wrong ones too, which are overwritten when it is closed. From then on
 * the process keeps its memory from dumps, unless the database is in memory itself and nothing is worth it.
 *
 * @throws {TelegraphistError} what `openStorage` throws
 */
export async function openStorageToLook(
  place: StoragePlace,
  keys: VaultOptions,
  shell: StorageShell,
): Promise<Storage> {
  const { database } = storagePaths(place);
  if (database !== ":memory:") {
    const hardening = hardenProcess(keys.keys.map(({ key }) => key));
    shell.logger.debug("The process keeps its memory to itself", { ...hardening });
  }
  const vault = createVault(keys);
  const storage = await openStorage({ path: database, vault, ...shell });
  const close = async () => {
    try {
      await storage.close();
    } finally {
      vault.close();
    }
  };
  return { ...storage, close, [Symbol.asyncDispose]: close };
}
