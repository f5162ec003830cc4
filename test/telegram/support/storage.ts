import { openStorage, type Storage } from "../../../runtime/storage/index.ts";
import { createKey, createVault } from "../../../runtime/vault/index.ts";

/** An empty database in memory, sealed with a key of its own. */
export function memoryStorage(): Promise<Storage> {
  const key = createKey();
  return openStorage({ path: ":memory:", vault: createVault({ keys: [key], activeKeyId: key.id }) });
}
