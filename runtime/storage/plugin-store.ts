import { and, asc, eq, gt, gte, isNull, lt, lte, or } from "drizzle-orm";
import type { JsonValue, PluginName, StoreEntry, StoreSetOptions } from "../contract/index.ts";
import type { Database } from "./database.ts";
import { pluginEntries } from "./schema/plugin-entries.ts";

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
  /** Entries whose key starts with the prefix, by key. */
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
