import type { Logger } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import type { AuditEntry, AuditSink } from "../host/index.ts";
import type { AuditFile, AuditRepository } from "../storage/index.ts";

export interface AuditTrailOptions {
  readonly store: Pick<AuditRepository, "add" | "prune">;
  /** `null` for a database in memory. */
  readonly file: Pick<AuditFile, "append"> | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxEntries: number;
  readonly maxAgeMs: number;
}

const writeEveryMs = 1_000;
/** So that a plugin that is refused over and over costs a few writes a second. */
const restMs = 100;
/** So many are written without waiting for the second to pass. */
const writeAfter = 2_000;
/** Beyond this entries are counted and dropped: the disk is gone, or slower than the plugins. */
const maxWaiting = 10_000;
/** The table may outgrow its bound by so many before it is cut. */
const pruneAfter = 10_000;

/** Writes what plugins do into the table and the file, many at once, refusals as soon as they come. */
export class AuditTrail implements AuditSink {
  readonly #options: AuditTrailOptions;
  readonly #stopped = new AbortController();
  #waiting: AuditEntry[] = [];
  /** Where in `#waiting` a refusal stands that may come again. */
  readonly #refusals = new Map<string, number>();
  #hurry = new AbortController();
  #writing: Promise<void> | null = null;
  #dropped = 0;
  #sincePruned = 0;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  note(entry: AuditEntry): void {
    const isRefusal = entry.verdict === "denied" || entry.verdict === "limited";
    if (isRefusal && this.#isRepeated(entry)) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(entry);
    if (isRefusal || this.#waiting.length === writeAfter) this.#hurry.abort();
    this.#writing ??= this.#write();
  }

  /** Forgets what is too old or too much. @throws {TelegraphistError} as the database does */
  async prune(): Promise<void> {
    const { store, clock, maxAgeMs, maxEntries } = this.#options;
    this.#sincePruned = 0;
    await store.prune({ beforeMs: clock.now() - maxAgeMs, keep: maxEntries });
  }

  /** Writes what still waits. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
    if (this.#waiting.length > 0) await this.#writeOnce();
  }

  #isRepeated(entry: AuditEntry): boolean {
    const { plugin, account, call, target, verdict, permission, code } = entry;
    const key = JSON.stringify([plugin, account, call, target, verdict, permission, code]);
    const at = this.#refusals.get(key);
    const known = at === undefined ? undefined : this.#waiting[at];
    if (at === undefined || known === undefined) {
      if (this.#waiting.length < maxWaiting) this.#refusals.set(key, this.#waiting.length);
      return false;
    }
    this.#waiting[at] = { ...known, count: known.count + 1 };
    return true;
  }

  /** Until nothing waits; never rejects. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stopped.signal.aborted) {
      await this.#pause(writeEveryMs, AbortSignal.any([this.#hurry.signal, this.#stopped.signal]));
      await this.#writeOnce();
      await this.#pause(restMs, this.#stopped.signal);
    }
    this.#writing = null;
  }

  #pause(durationMs: number, signal: AbortSignal): Promise<void> {
    // A sleep fails only when it is cancelled.
    return this.#options.clock.sleep(durationMs, { signal }).catch(() => undefined);
  }

  async #writeOnce(): Promise<void> {
    const { store, file, logger } = this.#options;
    const entries = this.#waiting;
    this.#waiting = [];
    this.#refusals.clear();
    this.#hurry = new AbortController();
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) logger.warn("The record of plugins has a gap", { dropped });
    const outcomes = await Promise.allSettled([
      store.add(entries),
      file?.append(entries.map((entry) => JSON.stringify(entry))),
      this.#pruneWhenDue(entries.length),
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") {
        logger.error("The record of plugins cannot be written", {
          error: outcome.reason,
          entries: entries.length,
        });
      }
    }
  }

  async #pruneWhenDue(added: number): Promise<void> {
    this.#sincePruned += added;
    if (this.#sincePruned > pruneAfter) await this.prune();
  }
}
