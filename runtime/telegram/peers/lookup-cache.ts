import { LruMap } from "./lru-map.ts";

export interface LookupCacheOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** @default 300_000 */
  readonly ttlMs?: number;
  /** @default 1_000 */
  readonly capacity?: number;
}

/** Answers that stay true for a while: an entry is gone after its time, or when a pattern that fits its key is invalidated. */
export class LookupCache<Value> {
  readonly #entries: LruMap<string, { readonly value: Value; readonly expiresAtMs: number }>;
  readonly #now: () => number;
  readonly #ttlMs: number;

  constructor(options: LookupCacheOptions) {
    const { now, ttlMs = 300_000, capacity = 1_000 } = options;
    this.#now = now;
    this.#ttlMs = ttlMs;
    this.#entries = new LruMap(capacity);
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#now() < entry.expiresAtMs) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, { value, expiresAtMs: this.#now() + this.#ttlMs });
  }

  /**
   * Forgets every entry whose key fits, and returns how many there were.
   *
   * @param pattern `*` stands for any run of characters: `username:*`
   */
  invalidate(pattern: string): number {
    const matcher = new RegExp(`^${pattern.split("*").map(RegExp.escape).join(".*")}$`, "s");
    return this.#entries.keys().filter((key) => matcher.test(key) && this.#entries.delete(key)).length;
  }
}
