import { type JsonValue, type PluginName, type Store, TelegraphistError } from "../contract/index.ts";
import { jsonOf } from "../guest/index.ts";
import type { PluginStoreBackend } from "./ports.ts";
import type { StorePace } from "./store-pace.ts";

const maxKeyLength = 512;
const maxValueBytes = 1024 * 1024;
const maxListLimit = 10_000;

/** A plugin's part of the store, with the contract's bounds held before anything reaches the backend. */
export function createPluginStore(plugin: PluginName, backend: PluginStoreBackend, pace: StorePace): Store {
  return {
    get: async (key) => backend.get(plugin, checkedKey(key)),
    set: async (key, value, options = {}) => {
      checkedKey(key);
      const sizeBytes = checkedSize(key, value);
      if (options.ttlMs !== undefined && !(options.ttlMs > 0 && Number.isSafeInteger(options.ttlMs))) {
        throw storeError(
          "STORE_INVALID_TTL",
          `Cannot store "${key}" as "ttlMs" must be a positive integer: ${options.ttlMs}`,
        );
      }
      await pace.take(sizeBytes, () => backend.set(plugin, key, value, options));
    },
    delete: async (key) => {
      checkedKey(key);
      return pace.take(0, () => backend.delete(plugin, key));
    },
    list: async (prefix, { limit = 1_000, after } = {}) => {
      if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxListLimit) {
        throw storeError(
          "STORE_INVALID_LIMIT",
          `Cannot list entries as "limit" must be 1 to ${maxListLimit}: ${limit}`,
        );
      }
      return backend.list(plugin, prefix, after === undefined ? { limit } : { limit, after });
    },
  };
}

function checkedKey(key: string): string {
  if (key.length >= 1 && key.length <= maxKeyLength) return key;
  throw storeError(
    "STORE_INVALID_KEY",
    `Cannot use store key as it must have 1 to ${maxKeyLength} characters: ${key.length}`,
  );
}

function checkedSize(key: string, value: JsonValue): number {
  const sizeBytes = Buffer.byteLength(JSON.stringify(jsonOf(key, value)));
  if (sizeBytes <= maxValueBytes) return sizeBytes;
  throw storeError(
    "STORE_VALUE_TOO_LARGE",
    `Cannot store "${key}" as a value is at most ${maxValueBytes} bytes: ${sizeBytes}`,
  );
}

function storeError(code: string, message: string): TelegraphistError {
  return new TelegraphistError({ code, category: "INVALID", message });
}
