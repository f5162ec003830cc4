import { and, eq, notInArray } from "drizzle-orm";
import type { PluginName } from "../contract/index.ts";
import type { Database } from "./database.ts";
import { pluginSchedules } from "./schema/plugin-schedules.ts";

/** Times of plugins' schedules, so that a restart does not forget them. */
export interface PluginScheduleRepository {
  get(plugin: PluginName, key: string): Promise<number | null>;
  set(plugin: PluginName, key: string, atMs: number): Promise<void>;
  delete(plugin: PluginName, key: string): Promise<void>;
  /** Forgets all of a plugin. */
  forget(plugin: PluginName): Promise<void>;
  /** Forgets all of plugins that are not among these. */
  retain(plugins: readonly PluginName[]): Promise<void>;
}

export function createPluginScheduleRepository(database: Database): PluginScheduleRepository {
  const rowOf = (plugin: PluginName, key: string) =>
    and(eq(pluginSchedules.plugin, plugin), eq(pluginSchedules.key, key));
  return {
    get: (plugin, key) =>
      database.run("pluginSchedules.get", (queries) => {
        const row = queries.select().from(pluginSchedules).where(rowOf(plugin, key)).get();
        return row?.atMs ?? null;
      }),

    set: (plugin, key, atMs) =>
      database.run("pluginSchedules.set", (queries) => {
        queries
          .insert(pluginSchedules)
          .values({ plugin, key, atMs })
          .onConflictDoUpdate({ target: [pluginSchedules.plugin, pluginSchedules.key], set: { atMs } })
          .run();
      }),

    delete: (plugin, key) =>
      database.run("pluginSchedules.delete", (queries) => {
        queries.delete(pluginSchedules).where(rowOf(plugin, key)).run();
      }),

    forget: (plugin) =>
      database.run("pluginSchedules.forget", (queries) => {
        queries.delete(pluginSchedules).where(eq(pluginSchedules.plugin, plugin)).run();
      }),

    retain: (plugins) =>
      database.run("pluginSchedules.retain", (queries) => {
        queries
          .delete(pluginSchedules)
          .where(notInArray(pluginSchedules.plugin, [...plugins]))
          .run();
      }),
  };
}
