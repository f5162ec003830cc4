import {
  type JsonValue,
  type PluginName,
  type Schema,
  type Store,
  type StoreEntry,
  type StoreSetOptions,
  type StoreView,
  TelegraphistError,
} from "../contract/index.ts";
import type { PluginStoreBackend } from "./ports.ts";

const maxKeyLength = 512;
const maxValueBytes = 1024 * 1024;
const maxListLimit = 10_000;

/** A plugin's part of the store, with the contract's bounds held before anything reaches the backend. */
export function createPluginStore(plugin: PluginName, backend: PluginStoreBackend): Store {
  return {
    get: async (key) => backend.get(plugin, checkedKey(key)),
    set: async (key, value, options = {}) => {
      checkedKey(key);
      checkValue(key, value);
      if (options.ttlMs !== undefined && !(options.ttlMs > 0 && Number.isSafeInteger(options.ttlMs))) {
        throw storeError(
          "STORE_INVALID_TTL",
          `Cannot store "${key}" as "ttlMs" must be a positive integer: ${options.ttlMs}`,
        );
      }
      await backend.set(plugin, key, value, options);
    },
    delete: async (key) => backend.delete(plugin, checkedKey(key)),
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

/** The entries under `<prefix>:`, as the schema makes them. */
export function createStoreView<Value>(
  store: Store,
  prefix: string,
  schema: Schema<Value>,
): StoreView<Value> {
  const full = `${prefix}:`;
  const read = async (key: string, value: JsonValue): Promise<Value> => {
    const result = await schema["~standard"].validate(value);
    if (result.issues === undefined) return result.value;
    throw storeError(
      "STORE_INVALID_VALUE",
      `Cannot use entry "${key}" as it does not fit its schema: ${result.issues.map((issue) => issue.message).join("; ")}`,
    );
  };
  return {
    get: async (key) => {
      const value = await store.get(full + key);
      return value === undefined ? undefined : read(key, value);
    },
    set: async (key, value, options?: StoreSetOptions) => {
      const json = jsonOf(key, value);
      await read(key, json);
      await store.set(full + key, json, options);
    },
    delete: (key) => store.delete(full + key),
    list: async ({ limit, after } = {}) => {
      const entries = await store.list(full, {
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after: full + after }),
      });
      return Promise.all(
        entries.map(async (entry): Promise<StoreEntry<Value>> => {
          const key = entry.key.slice(full.length);
          return { key, value: await read(key, entry.value), expiresAtMs: entry.expiresAtMs };
        }),
      );
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

function checkValue(key: string, value: JsonValue): void {
  const sizeBytes = Buffer.byteLength(JSON.stringify(jsonOf(key, value)));
  if (sizeBytes <= maxValueBytes) return;
  throw storeError(
    "STORE_VALUE_TOO_LARGE",
    `Cannot store "${key}" as a value is at most ${maxValueBytes} bytes: ${sizeBytes}`,
  );
}

/** What JSON makes of a value; the way to it is the proof that it can be kept. */
function jsonOf(key: string, value: unknown): JsonValue {
  const text = JSON.stringify(value);
  if (text === undefined)
    throw storeError(
      "STORE_INVALID_VALUE",
      `Cannot store "${key}" as JSON has no form for it: ${typeof value}`,
    );
  return JSON.parse(text);
}

function storeError(code: string, message: string): TelegraphistError {
  return new TelegraphistError({ code, category: "INVALID", message });
}
