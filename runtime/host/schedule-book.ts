import type { PluginName } from "../contract/index.ts";

/** Times of schedules that outlive the program. Implementations MUST have a time on disk before `set` resolves. */
export interface ScheduleBook {
  get(plugin: PluginName, key: string): Promise<number | null>;
  set(plugin: PluginName, key: string, atMs: number): Promise<void>;
  delete(plugin: PluginName, key: string): Promise<void>;
  /** MUST forget all times of a plugin. */
  forget(plugin: PluginName): Promise<void>;
}

/** One plugin's part of the book. Where that cannot be read or written schedules go on without it, and it is told. */
export class PluginScheduleBook {
  readonly #book: ScheduleBook | undefined;
  readonly #plugin: PluginName;
  readonly #onError: (error: unknown) => void;

  constructor(book: ScheduleBook | undefined, plugin: PluginName, onError: (error: unknown) => void) {
    this.#book = book;
    this.#plugin = plugin;
    this.#onError = onError;
  }

  /** The time that was kept; else the one given, which is kept from then on. */
  async getOrSet(key: string, atMs: number): Promise<number> {
    const known = await this.#told(this.#book?.get(this.#plugin, key));
    if (known != null) return known;
    await this.set(key, atMs);
    return atMs;
  }

  async set(key: string, atMs: number): Promise<void> {
    await this.#told(this.#book?.set(this.#plugin, key, atMs));
  }

  async delete(key: string): Promise<void> {
    await this.#told(this.#book?.delete(this.#plugin, key));
  }

  async #told<T>(work: Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}
