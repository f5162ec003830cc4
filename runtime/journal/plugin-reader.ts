import type { Logger } from "../../telemetry/index.ts";
import type { EventBus } from "../bus/index.ts";
import { type Clock, hasCategory, type PluginName } from "../contract/index.ts";
import type { JournalEntry, JournalPlace, JournalStore } from "./journal-store.ts";
import { Progress } from "./progress.ts";

export interface PluginReaderOptions {
  readonly plugin: PluginName;
  readonly place: JournalPlace;
  readonly store: Pick<JournalStore<never>, "read">;
  readonly bus: Pick<EventBus, "deliver">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The number of the latest event. */
  readonly head: () => number;
  /** Everything up to here may have been given to the plugin before. */
  readonly formerHead: number;
  /** Events that the plugin may have unhandled. */
  readonly window: number;
  /** Called when there is something to acknowledge. */
  readonly onProgress: () => void;
}

const pageSize = 200;
const readAgainMs = 1_000;

/**
 * Hands one plugin the events of the journal in their order, so many at once as its window takes. New events come to it
 * as they are written; what it has no room for it reads later, so that a slow plugin costs neither memory nor the
 * others' time.
 */
export class PluginReader {
  readonly plugin: PluginName;
  readonly progress: Progress;
  readonly #options: PluginReaderOptions;
  readonly #handled: Set<number>;
  readonly #paused = new AbortController();
  /** Whether events are being handed out, or the next are being read. */
  #isBusy = false;
  /** Events that were handed out; no former life can have had more than a window of them outstanding. */
  #given = 0;

  constructor(options: PluginReaderOptions) {
    this.plugin = options.plugin;
    this.#options = options;
    this.#handled = new Set(options.place.handled);
    this.progress = new Progress(options.place.throughSeq);
  }

  /** Takes entries that were just written, as far as they follow on what the plugin was given and find room. */
  offer(entries: readonly JournalEntry[]): void {
    const { signal } = this.#paused;
    if (this.#isBusy || signal.aborted) return;
    this.#isBusy = true;
    for (const entry of entries) {
      const hasRoom = this.progress.outstanding < this.#options.window;
      if (hasRoom && entry.seq === this.progress.last + 1) this.#give(entry);
    }
    this.#isBusy = false;
    this.readOn();
  }

  /** Reads on where it stands, if it may. */
  readOn(): void {
    if (!this.#isBusy && this.#mayRead()) void this.#read();
  }

  /** Hands out nothing more; what is handled from now on still counts. */
  pause(): void {
    this.#paused.abort();
  }

  #mayRead(): boolean {
    const { head, window } = this.#options;
    const { last, outstanding } = this.progress;
    return !this.#paused.signal.aborted && last < head() && outstanding <= window / 2;
  }

  async #read(): Promise<void> {
    const { store, head, window, plugin, clock, logger } = this.#options;
    this.#isBusy = true;
    try {
      while (this.#mayRead()) {
        const through = head();
        const limit = Math.min(pageSize, window - this.progress.outstanding);
        const entries = await store.read(this.progress.last, limit);
        for (const entry of entries) this.#give(entry);
        if (this.#paused.signal.aborted) return;
        // Numbers whose events are gone lie between the last entry and the head.
        if (entries.length < limit) this.#pass(through);
      }
    } catch (error) {
      logger.error("Cannot read the journal", { plugin, error });
      await clock.sleep(readAgainMs, { signal: this.#paused.signal }).catch((cancelled: unknown) => {
        if (!hasCategory(cancelled, "CANCELLED")) throw cancelled;
      });
    } finally {
      this.#isBusy = false;
    }
    // What was written while the last page came, or what could not be read.
    this.readOn();
  }

  #give({ seq, onlyFor, event }: JournalEntry): void {
    // Its subscriptions may be gone already, which would look as if nobody wanted the event.
    if (this.#paused.signal.aborted) return;
    const { place, plugin, bus, logger, formerHead, window } = this.#options;
    if (event === null) logger.error("An event of the journal was lost: its row is damaged", { plugin, seq });
    const isForOther = onlyFor !== null && onlyFor !== plugin;
    if (event === null || isForOther || this.#handled.delete(seq)) {
      this.#pass(seq);
      return;
    }
    const mayBeKnown = seq <= formerHead && this.#given < window;
    const formerAttempts = place.attempts.get(seq) ?? (mayBeKnown ? 1 : 0);
    this.#given += 1;
    this.progress.begin(seq);
    bus.deliver(plugin, event, { seq, formerAttempts }, (isHandled) => this.#settle(seq, isHandled));
  }

  #pass(seq: number): void {
    this.progress.pass(seq);
    this.#options.onProgress();
  }

  #settle(seq: number, isHandled: boolean): void {
    // A plugin that goes on and has left the event unhandled has taken its subscription back.
    if (!isHandled && this.#paused.signal.aborted) return;
    this.progress.settle(seq);
    this.#options.onProgress();
    this.readOn();
  }
}
