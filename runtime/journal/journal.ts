import { setImmediate } from "node:timers/promises";
import type { Logger } from "../../telemetry/index.ts";
import type { EventBus } from "../bus/index.ts";
import {
  type Clock,
  hasCategory,
  hasCode,
  type PluginName,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { GroupCommit } from "./group-commit.ts";
import type { JournalBatch, JournalStore } from "./journal-store.ts";
import { PluginReader } from "./plugin-reader.ts";

export interface JournalOptions<State> {
  readonly store: JournalStore<State>;
  readonly bus: Pick<EventBus, "deliver" | "emit">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Events that one plugin may have unhandled; the others wait on disk. @default 1_000 */
  readonly window?: number;
  /** How long events are kept that every plugin has handled, so that a repetition is known. @default one day */
  readonly keepMs?: number;
  /** How long events are kept in any case. @default 30 days */
  readonly maxAgeMs?: number;
}

/** One plugin's reading of the journal. */
export interface JournalReading {
  /** Hands out nothing more; what the plugin handles from now on still counts. */
  pause(): void;
  /** Notes what the plugin has handled. It goes on there when it is opened again. */
  close(): Promise<void>;
}

/**
 * What was received, on disk until every plugin has handled it. Each plugin is given the events in their order, from
 * where it stood; after a kill, what was not acknowledged is given again.
 */
export interface Journal<State> {
  /** Says which plugins there are: a new one starts at the present, one that is gone is forgotten. Must come first. */
  enroll(plugins: readonly PluginName[]): Promise<void>;
  /**
   * Resolves when the events are on disk with the state that they came with. Events that the journal holds already are
   * not taken again. One account's calls MUST follow one another.
   *
   * @throws {TelegraphistError} what the store throws; nothing of the batch is written then
   */
  commit(batch: JournalBatch<State>): Promise<void>;
  /** Begins to hand the plugin its events; call it when the plugin has subscribed. */
  open(plugin: PluginName): Promise<JournalReading>;
  /** Forgets where a plugin stands: when it is opened again, it starts at the present. */
  withdraw(plugin: PluginName): Promise<void>;
  /** Looks for entries that were not written by `commit`. */
  refresh(): Promise<void>;
  /** Resolves when no plugin that reads has anything left to handle. @throws the signal's reason when it is aborted */
  drain(signal: AbortSignal): Promise<void>;
  /** Forgets what is old, in slices. */
  prune(): Promise<void>;
  /** Notes what was handled, and reads nothing any more. */
  stop(): Promise<void>;
}

export function createJournal<State>(options: JournalOptions<State>): Journal<State> {
  return new StoredJournal(options);
}

const dayMs = 86_400_000;
/** An acknowledgement that a kill takes along means a second delivery, so they need no hurry. */
const acknowledgeEveryMs = 100;
const prunedAtOnce = 1_000;

class StoredJournal<State> implements Journal<State> {
  readonly #options: JournalOptions<State>;
  readonly #group: GroupCommit<JournalBatch<State>>;
  readonly #readers = new Map<PluginName, PluginReader>();
  /** Owners at the bus whose events come from here, and up to where each may have been given them. */
  readonly #enrolled = new Map<string, number>();
  readonly #stopped = new AbortController();
  readonly #drainWaiters = new Set<() => void>();
  #head = 0;
  #isNoting = false;

  constructor(options: JournalOptions<State>) {
    this.#options = options;
    this.#group = new GroupCommit((batches) => this.#append(batches));
  }

  async enroll(plugins: readonly PluginName[]): Promise<void> {
    const { store } = this.#options;
    await store.enroll(plugins);
    this.#head = await store.head();
    for (const plugin of plugins) this.#enrolled.set(plugin, this.#head);
  }

  commit(batch: JournalBatch<State>): Promise<void> {
    return this.#group.add(batch);
  }

  async open(plugin: PluginName): Promise<JournalReading> {
    const { store, bus, clock, logger, window = 1_000 } = this.#options;
    const formerHead = this.#enrolled.get(plugin) ?? this.#head;
    this.#enrolled.set(plugin, formerHead);
    const place = await store.placeOf(plugin);
    const reader = new PluginReader({
      ...{ plugin, place, store, bus, clock, logger, window, formerHead },
      head: () => this.#head,
      onProgress: () => {
        this.#noteSoon();
        this.#announceDrained();
      },
    });
    this.#readers.set(plugin, reader);
    reader.readOn();
    return {
      pause: () => reader.pause(),
      close: async () => {
        reader.pause();
        if (this.#readers.get(plugin) !== reader) return;
        this.#readers.delete(plugin);
        this.#enrolled.set(plugin, reader.progress.last);
        await this.#note([reader]);
      },
    };
  }

  async withdraw(plugin: PluginName): Promise<void> {
    this.#readers.get(plugin)?.pause();
    this.#readers.delete(plugin);
    await this.#options.store.withdraw(plugin);
  }

  async refresh(): Promise<void> {
    this.#head = Math.max(this.#head, await this.#options.store.head());
    for (const reader of this.#readers.values()) reader.readOn();
  }

  drain(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#drainWaiters.add(resolve);
    if (signal.aborted) onAbort();
    this.#announceDrained();
    return promise.finally(() => {
      signal.removeEventListener("abort", onAbort);
      this.#drainWaiters.delete(resolve);
    });
  }

  async prune(): Promise<void> {
    const { store, clock, logger, keepMs = dayMs, maxAgeMs = 30 * dayMs } = this.#options;
    const nowMs = clock.now();
    const pruning = { handledBeforeMs: nowMs - keepMs, anyBeforeMs: nowMs - maxAgeMs, limit: prunedAtOnce };
    let unhandled = 0;
    for (let isMore = true; isMore && !this.#stopped.signal.aborted; ) {
      const slice = await store.prune(pruning);
      unhandled += slice.unhandled;
      isMore = slice.forgotten === prunedAtOnce;
      // Events that arrive go first.
      await setImmediate();
    }
    if (unhandled > 0) logger.warn("Events were forgotten that a plugin had not handled", { unhandled });
  }

  async stop(): Promise<void> {
    for (const reader of this.#readers.values()) reader.pause();
    this.#stopped.abort();
    await this.#note([...this.#readers.values()]);
  }

  async #append(batches: readonly JournalBatch<State>[]): Promise<void> {
    const numbers = await this.#options.store.append(batches);
    const entries = batches.flatMap(({ events }, index) =>
      events.flatMap((event, at) => {
        const seq = numbers[index]?.[at] ?? null;
        return seq === null ? [] : [{ seq, event, onlyFor: null }];
      }),
    );
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#head = Math.max(this.#head, last.seq);
    for (const reader of this.#readers.values()) reader.offer(entries);
    for (const { event } of entries) await this.#tell(event);
  }

  /** Tells those who listen while they are there and have no place in the journal. */
  #tell(event: TelegraphistEvent): Promise<void> {
    return this.#options.bus.emit(event, { except: this.#enrolled });
  }

  #announceDrained(): void {
    if (this.#drainWaiters.size === 0) return;
    for (const { progress } of this.#readers.values()) {
      if (progress.last < this.#head || progress.outstanding > 0) return;
    }
    for (const resolve of this.#drainWaiters) resolve();
  }

  #noteSoon(): void {
    if (this.#isNoting || this.#stopped.signal.aborted) return;
    this.#isNoting = true;
    void this.#noteLater();
  }

  async #noteLater(): Promise<void> {
    try {
      await this.#options.clock.sleep(acknowledgeEveryMs, { signal: this.#stopped.signal });
    } catch (error) {
      // `stop` notes what is left by itself.
      if (hasCategory(error, "CANCELLED")) return;
      throw error;
    } finally {
      this.#isNoting = false;
    }
    await this.#note([...this.#readers.values()]);
  }

  /** Acknowledges what the readers' plugins have handled, in one transaction; what fails is told with the next. */
  async #note(readers: readonly PluginReader[]): Promise<void> {
    const { store, logger } = this.#options;
    const untold = readers.flatMap((reader) => {
      const handled = reader.progress.takeUntold();
      return handled === null ? [] : [{ reader, handled }];
    });
    if (untold.length === 0) return;
    try {
      await store.acknowledge(untold.map(({ reader, handled }) => ({ plugin: reader.plugin, ...handled })));
    } catch (error) {
      // Another program hands the events out by now.
      if (hasCode(error, "LEASE_LOST")) return;
      logger.error("Cannot note which events were handled", { error });
      for (const { reader, handled } of untold) reader.progress.restore(handled);
    }
  }
}
