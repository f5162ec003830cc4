import { mkdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, type LogFields, type PluginContext, toTelegraphistError } from "telegraphist";
import type { ArchiveIndex, Job, KeptFile } from "./archive-index.ts";
import type { ArchiveList } from "./archive-list.ts";
import type { ArchiverConfig } from "./config.ts";
import { renderParts } from "./path-variables.ts";
import { linkAlso, place } from "./placement.ts";
import { progressLog } from "./progress-log.ts";
import { afterFailure } from "./retry.ts";
import { safePath } from "./safe-name.ts";

const longestSleepMs = 3_600_000;
const fullDiskPauseMs = 600_000;
const faultPauseMs = 60_000;

/** Works off the queue, so many files at a time, for as long as the plugin runs. */
export class Downloads {
  readonly #context: PluginContext<ArchiverConfig>;
  readonly #index: ArchiveIndex;
  readonly #list: ArchiveList;
  readonly #folder: string;
  readonly #incoming: string;
  readonly #underWay = new Map<number, { readonly sizeBytes: number; readonly done: Promise<void> }>();
  #timer = new AbortController();
  #pausedUntilMs = 0;
  /** Files get their names one after another, so that two copies of one content are not both kept. */
  #lastPlaced: Promise<unknown> = Promise.resolve();

  /** @param folder absolute; it exists */
  constructor(
    context: PluginContext<ArchiverConfig>,
    {
      folder,
      index,
      list,
    }: { readonly folder: string; readonly index: ArchiveIndex; readonly list: ArchiveList },
  ) {
    this.#context = context;
    this.#index = index;
    this.#list = list;
    this.#folder = folder;
    this.#incoming = join(folder, ".incoming");
  }

  /** Clears away what a crash left half done. */
  async open(): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
    await mkdir(this.#incoming, { recursive: true });
  }

  /** Starts what is due and not under way; never throws. */
  wake(): void {
    const { clock, log, signal } = this.#context;
    this.#timer.abort();
    if (signal.aborted) return;
    try {
      this.#startDue();
      const dueMs = this.#index.nextDueMs([...this.#underWay.keys()]);
      if (dueMs !== null) this.#wakeAt(Math.max(dueMs, this.#pausedUntilMs));
    } catch (error) {
      log.error("index cannot be read, downloads pause", { error });
      this.#wakeAt(clock.now() + faultPauseMs);
    }
  }

  /** Resolves when nothing is under way; the plugin's signal has been aborted by then. */
  async stop(): Promise<void> {
    this.#timer.abort();
    await Promise.all([...this.#underWay.values()].map(({ done }) => done));
  }

  #startDue(): void {
    const { clock, config } = this.#context;
    while (this.#underWay.size < config.concurrency && clock.now() >= this.#pausedUntilMs) {
      const job = this.#index.nextJob(clock.now(), [...this.#underWay.keys()]);
      if (job === null) return;
      const done = this.#run(job).finally(() => {
        this.#underWay.delete(job.id);
        this.wake();
      });
      this.#underWay.set(job.id, { sizeBytes: job.file.sizeBytes, done });
    }
  }

  /** Whoever ends a download wakes the others, so the clock is needed only while there is room for more. */
  #wakeAt(atMs: number): void {
    const { clock, config, log, signal } = this.#context;
    if (this.#underWay.size >= config.concurrency) return;
    this.#timer = new AbortController();
    const timer = AbortSignal.any([this.#timer.signal, signal]);
    const sleepMs = Math.min(Math.max(atMs - clock.now(), 0), longestSleepMs);
    clock.sleep(sleepMs, { signal: timer }).then(
      () => this.wake(),
      (error: unknown) => {
        if (!timer.aborted) log.error("downloads do not wake up", { error });
      },
    );
  }

  /** Never rejects: what goes wrong is written down, or at least logged. */
  async #run(job: Job): Promise<void> {
    const { clock, config, log, signal } = this.#context;
    const about = { chatId: job.file.chatId, messageId: job.file.messageId };
    try {
      await this.#archive(job);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toTelegraphistError(thrown, {
        code: hasCode(thrown, "ENOSPC", "EDQUOT") ? "ENOSPC" : "ARCHIVER_FAILED",
        category: "STORAGE",
        action: "Cannot archive file",
      });
      const { attempts } = job;
      const next = afterFailure(error, { attempts, maxAttempts: config.maxAttempts, nowMs: clock.now() });
      try {
        switch (next.after) {
          case "give-up":
            log.error("file is given up", { ...about, error });
            this.#index.fail(job.id, error.code, attempts + 1);
            break;
          case "again":
            log.warn("file is tried again later", { ...about, error, waitMs: next.atMs - clock.now() });
            this.#index.postpone(job.id, next.atMs, attempts + (next.countsAsAttempt ? 1 : 0));
            break;
          case "pause":
            this.#pause(next.untilMs, { error });
            break;
          default:
            next satisfies never;
        }
      } catch (fault) {
        this.#pause(clock.now() + faultPauseMs, { error: fault });
      }
    }
  }

  async #archive({ file, id }: Job): Promise<void> {
    const { clock, config, log, signal } = this.#context;
    const path = safePath(renderParts(config.name, file, config.timeZone));
    const known = await this.#onDisk(this.#index.keptByFileId(file.fileId));
    if (known !== null) return this.#inTurn(() => this.#keepDuplicate(id, known, path));
    if (!(await this.#hasRoom(file.sizeBytes))) return;

    const { account, chatId, messageId } = file;
    const incoming = join(this.#incoming, String(id));
    const { sha256, sizeBytes } = await this.#context
      .telegramOf(account)
      .download({ chatId, messageId }, incoming, {
        signal,
        timeoutMs: config.downloadTimeoutMinutes * 60_000,
        onProgress: progressLog(log, clock, { chatId, messageId }),
      });
    await this.#inTurn(async () => {
      const first = await this.#onDisk(this.#index.keptBySha256(sha256));
      if (first !== null) {
        await rm(incoming);
        return this.#keepDuplicate(id, first, path);
      }
      const kept = await place(this.#folder, incoming, path, { sha256, sizeBytes });
      this.#index.keep(id, { path: kept, sha256, sizeBytes }, clock.now());
      await this.#list.write();
      log.info("file is archived", { chatId, messageId, kind: file.kind, sizeBytes });
    });
  }

  async #keepDuplicate(id: number, first: KeptFile, path: string): Promise<void> {
    const { clock, config, log } = this.#context;
    const linked =
      config.duplicates === "hardlink" ? await linkAlso(this.#folder, first.path, path, first) : null;
    this.#index.keepAsDuplicate(id, first, linked, clock.now());
    await this.#list.write();
    log.debug("file is there already", { first: first.id });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastPlaced.then(work);
    this.#lastPlaced = turn.catch(() => {});
    return turn;
  }

  /** The file, if nobody has taken it out of the archive since. */
  async #onDisk(kept: KeptFile | null): Promise<KeptFile | null> {
    if (kept === null) return null;
    try {
      return (await stat(join(this.#folder, kept.path))).isFile() ? kept : null;
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    }
  }

  /** Whether the disk keeps its reserve after all that is under way; else downloads pause. */
  async #hasRoom(sizeBytes: number): Promise<boolean> {
    const { clock, config } = this.#context;
    const { bavail, bsize } = await statfs(this.#folder);
    const others = [...this.#underWay.values()].reduce((sum, each) => sum + each.sizeBytes, 0);
    const freeBytes = bavail * bsize;
    if (freeBytes - Math.max(others, sizeBytes) >= config.minFreeBytes) return true;
    this.#pause(clock.now() + fullDiskPauseMs, { reason: "disk is nearly full", freeBytes });
    return false;
  }

  /** Starts no download until then; those under way may end in the same way, which is told once. */
  #pause(untilMs: number, why: LogFields): void {
    const { clock, log } = this.#context;
    const nowMs = clock.now();
    if (nowMs >= this.#pausedUntilMs) log.error("downloads pause", { ...why, waitMs: untilMs - nowMs });
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }
}
