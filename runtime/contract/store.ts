import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Whatever JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface StoreEntry<Value> {
  readonly key: string;
  readonly value: Value;
  /** Milliseconds since 1970, or `null` when it does not expire. */
  readonly expiresAtMs: number | null;
}

export interface StoreSetOptions {
  /** The entry is gone after this time. @default it stays */
  readonly ttlMs?: number;
}

/**
 * A plugin's own key-value store; another plugin's is out of reach, and it outlives restarts.
 *
 * Implementations MUST have the value on disk before `set` resolves, and MUST NOT return an entry whose time is over.
 * Keys are 1 to 512 characters; a value is at most 1 MiB as JSON, else `STORE_VALUE_TOO_LARGE`; one list has at most 32 MiB
 * of values, else `STORE_LIST_TOO_LARGE`. Who writes more than 8 MiB a second on and on waits.
 */
export interface Store {
  get(key: string): Promise<JsonValue | undefined>;
  set(key: string, value: JsonValue, options?: StoreSetOptions): Promise<void>;
  /** Whether there was such an entry. */
  delete(key: string): Promise<boolean>;
  /** Entries whose key starts with the prefix, by key. @param options.limit 1 to 10,000, default 1,000; `after` pages on */
  list(
    prefix: string,
    options?: { readonly limit?: number; readonly after?: string },
  ): Promise<readonly StoreEntry<JsonValue>[]>;
}

/** A part of a store whose values are checked against a schema on the way in and out. */
export interface StoreView<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value, options?: StoreSetOptions): Promise<void>;
  delete(key: string): Promise<boolean>;
  list(options?: { readonly limit?: number; readonly after?: string }): Promise<readonly StoreEntry<Value>[]>;
}

/** Any validator that follows Standard Schema (zod, valibot, arktype): standardschema.dev. */
export type Schema<Output> = StandardSchemaV1<unknown, Output>;
