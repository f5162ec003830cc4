import {
  type JsonValue,
  type Schema,
  type Store,
  type StoreEntry,
  type StoreSetOptions,
  type StoreView,
  TelegraphistError,
} from "../contract/index.ts";

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
    throw invalidValue(
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

/** What JSON makes of a value; the way to it is the proof that it can be kept. */
export function jsonOf(key: string, value: unknown): JsonValue {
  const text = JSON.stringify(value);
  if (text === undefined)
    throw invalidValue(`Cannot store "${key}" as JSON has no form for it: ${typeof value}`);
  return JSON.parse(text);
}

function invalidValue(message: string): TelegraphistError {
  return new TelegraphistError({ code: "STORE_INVALID_VALUE", category: "INVALID", message });
}
