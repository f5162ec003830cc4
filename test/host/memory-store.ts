import type { JsonValue, PluginName } from "../../runtime/contract/index.ts";
import type { PluginStoreBackend } from "../../runtime/host/index.ts";

/** A backend that keeps entries while the test lasts. */
export class MemoryStore implements PluginStoreBackend {
  readonly #entries = new Map<string, JsonValue>();
  #change = Promise.withResolvers<void>();

  /** Resolves with the next change of an entry. */
  changed(): Promise<void> {
    return this.#change.promise;
  }

  get(plugin: PluginName, key: string): Promise<JsonValue | undefined> {
    return Promise.resolve(this.#entries.get(`${plugin} ${key}`));
  }

  set(plugin: PluginName, key: string, value: JsonValue): Promise<void> {
    this.#entries.set(`${plugin} ${key}`, value);
    this.#change.resolve();
    this.#change = Promise.withResolvers();
    return Promise.resolve();
  }

  delete(plugin: PluginName, key: string): Promise<boolean> {
    return Promise.resolve(this.#entries.delete(`${plugin} ${key}`));
  }

  list(plugin: PluginName, prefix: string, options: { readonly limit: number }) {
    const start = `${plugin} ${prefix}`;
    const found = [...this.#entries].filter(([key]) => key.startsWith(start)).sort();
    return Promise.resolve(
      found.slice(0, options.limit).map(([key, value]) => ({
        key: key.slice(plugin.length + 1),
        value,
        expiresAtMs: null,
      })),
    );
  }
}
