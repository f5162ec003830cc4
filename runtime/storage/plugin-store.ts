import { and, asc, eq, gt, gte, isNull, lt, lte, or, sql } from "drizzle-orm";
import {
  type JsonValue,
  type PluginName,
  type StoreEntry,
  type StoreSetOptions,
  TelegraphistError,
} from "../contract/index.ts";
import type { Database } from "./database.ts";
import { pluginEntries } from "./schema/plugin-entries.ts";

/** What a list may have in all: it is in memory at once, and has to fit into one answer. */
const maxListBytes = 32 * 1024 ** 2;

export interface PluginStoreListOptions {
  /** 1 to 10,000 */
  readonly limit: number;
  /** Only keys after this one. */
  readonly after?: string;
}

/** The plugins' key-value stores, each out of the others' reach. What is resolved is on disk. */
export interface PluginStoreRepository {
  get(plugin: PluginName, key: string): Promise<JsonValue | undefined>;
  set(plugin: PluginName, key: string, value: JsonValue, options?: StoreSetOptions): Promise<void>;
  /** Whether there was such an entry. */
  delete(plugin: PluginName, key: string): Promise<boolean>;
  /**
   * Entries whose key starts with the prefix, by key.
   *
   * @throws {TelegraphistError} `STORE_LIST_TOO_LARGE` when their values have more than 32 MiB
   */
  list(
    plugin: PluginName,
    prefix: string,
    options: PluginStoreListOptions,
  ): Promise<readonly StoreEntry<JsonValue>[]>;
  /** Forgets the entries whose time is over, and says how many they were. */
  prune(): Promise<number>;
}

/** Sorts after all that may follow a prefix: Unicode has no character beyond it. */
const afterEverything = "\u{10FFFF}";

export function createPluginStoreRepository(database: Database, now: () => number): PluginStoreRepository {
  const isEntry = (plugin: PluginName, key: string) =>
    and(eq(pluginEntries.plugin, plugin), eq(pluginEntries.key, key));
  const isAlive = () => or(isNull(pluginEntries.expiresAtMs), gt(pluginEntries.expiresAtMs, now()));

  return {
    get: (plugin, key) =>
      database.run("pluginStore.get", (queries) => {
        const where = and(isEntry(plugin, key), isAlive());
        const row = queries.select().from(pluginEntries).where(where).get();
        return row === undefined ? undefined : JSON.parse(row.value);
      }),

    set: (plugin, key, value, { ttlMs } = {}) =>
      database.transact("pluginStore.set", (queries) => {
        const set = { value: JSON.stringify(value), expiresAtMs: ttlMs === undefined ? null : now() + ttlMs };
        queries
          .insert(pluginEntries)
          .values({ plugin, key, ...set })
          .onConflictDoUpdate({ target: [pluginEntries.plugin, pluginEntries.key], set })
          .run();
      }),

    delete: (plugin, key) =>
      database.transact("pluginStore.delete", (queries) => {
        const deleted = queries.delete(pluginEntries).where(isEntry(plugin, key)).returning().all();
        return deleted.some(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > now());
      }),

    list: (plugin, prefix, { limit, after }) =>
      database.run("pluginStore.list", (queries) => {
        const { key, value, expiresAtMs } = pluginEntries;
        const isListed = and(
          eq(pluginEntries.plugin, plugin),
          gte(key, prefix),
          lt(key, prefix + afterEverything),
          after === undefined ? undefined : gt(key, after),
          isAlive(),
        );
        const sizes = queries
          .select({ bytes: sql<number>`octet_length(${value})`.as("bytes") })
          .from(pluginEntries)
          .where(isListed)
          .orderBy(asc(key))
          .limit(limit)
          .as("sizes");
        const total = queries
          .select({ bytes: sql<number | null>`sum(${sizes.bytes})` })
          .from(sizes)
          .get();
        if ((total?.bytes ?? 0) > maxListBytes) throw listTooLarge();
        const listed = queries.select({ key, value, expiresAtMs }).from(pluginEntries).where(isListed);
        const rows = listed.orderBy(asc(key)).limit(limit).all();
        return rows.map((row) => ({ ...row, value: JSON.parse(row.value) }));
      }),

    prune: () =>
      database.run("pluginStore.prune", (queries) => {
        const over = queries.delete(pluginEntries).where(lte(pluginEntries.expiresAtMs, now()));
        return over.returning({ key: pluginEntries.key }).all().length;
      }),
  };
}

function listTooLarge(): TelegraphistError {
  return new TelegraphistError({
    code: "STORE_LIST_TOO_LARGE",
    category: "INVALID",
    message: `Cannot list so many entries at once as their values have more than ${maxListBytes} bytes: ask for fewer by "limit"`,
  });
}
