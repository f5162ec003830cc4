import type { TransferProgress } from "../../contract/index.ts";

const quietMs = 100;

/** Reports progress at most every 100 ms, and once at the end. */
export class ProgressMeter {
  readonly #totalBytes: number;
  readonly #report: ((progress: TransferProgress) => void) | undefined;
  readonly #now: () => number;
  #transferredBytes = 0;
  #lastReportMs = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds since 1970 */
  constructor(
    totalBytes: number,
    report: ((progress: TransferProgress) => void) | undefined,
    now: () => number,
  ) {
    this.#totalBytes = totalBytes;
    this.#report = report;
    this.#now = now;
  }

  get transferredBytes(): number {
    return this.#transferredBytes;
  }

  add(sizeBytes: number): void {
    this.#transferredBytes += sizeBytes;
    const nowMs = this.#now();
    const isEnd = this.#transferredBytes >= this.#totalBytes;
    if (!isEnd && nowMs - this.#lastReportMs < quietMs) return;
    this.#lastReportMs = nowMs;
    this.#report?.({ transferredBytes: this.#transferredBytes, totalBytes: this.#totalBytes });
  }
}
