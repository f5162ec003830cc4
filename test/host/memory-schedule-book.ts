import type { PluginName } from "../../runtime/contract/index.ts";
import type { ScheduleBook } from "../../runtime/host/index.ts";

/** Keeps the times of one plugin's schedules while the test lasts. */
export class MemoryScheduleBook implements ScheduleBook {
  isBroken = false;
  readonly #times = new Map<string, number>();

  get times(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#times);
  }

  async get(_plugin: PluginName, key: string): Promise<number | null> {
    this.#check();
    return this.#times.get(key) ?? null;
  }

  async set(_plugin: PluginName, key: string, atMs: number): Promise<void> {
    this.#check();
    this.#times.set(key, atMs);
  }

  async delete(_plugin: PluginName, key: string): Promise<void> {
    this.#check();
    this.#times.delete(key);
  }

  async forget(): Promise<void> {
    this.#times.clear();
  }

  #check(): void {
    if (this.isBroken) throw new Error("The book is broken");
  }
}
