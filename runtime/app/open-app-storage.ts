import { resolve } from "node:path";
import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { hasSealedRows, loadOrCreateKey, openStorage, type Storage } from "../storage/index.ts";
import { createVault } from "../vault/index.ts";

/** Which database and key a configuration names. */
export interface StoragePlace {
  readonly config: Pick<TelegraphistConfig, "storage">;
  readonly baseFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
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
 * Opens the configured database with the configured key; on first use both are made.
 *
 * @throws {TelegraphistError} what `loadOrCreateKey` and `openStorage` throw
 */
export async function openAppStorage(
  place: StoragePlace,
  options: { readonly logger: Logger; readonly now: () => number },
): Promise<Storage> {
  const { database, keyFile } = storagePaths(place);
  const keys = await loadOrCreateKey({
    env: place.env,
    path: keyFile,
    hasSealedRows: () => hasSealedRows(database),
  });
  return openStorage({ path: database, vault: createVault(keys), ...options });
}
