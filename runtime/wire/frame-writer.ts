import { joined } from "./frame.ts";

/** Where bytes go: a process's standard input or output, as Bun has it. */
export interface ByteSink {
  /** Resolves when the pipe has taken some of it. */
  write(bytes: Uint8Array): unknown;
  /** Resolves when the pipe has taken what was written; at once when it has already. */
  flush(): unknown;
}

/** Writes frames, those of one turn of the loop together. */
export class FrameWriter {
  readonly #sink: ByteSink;
  readonly #onBroken: (error: unknown) => void;
  #waiting: Uint8Array[] = [];
  #queuedBytes = 0;
  #flushing: Promise<void> | null = null;

  /** @param onBroken called when the other end of the pipe is gone */
  constructor(sink: ByteSink, onBroken: (error: unknown) => void) {
    this.#sink = sink;
    this.#onBroken = onBroken;
  }

  /** Bytes that the pipe has not taken yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  write(frame: Uint8Array): void {
    this.#queuedBytes += frame.byteLength;
    this.#waiting.push(frame);
    this.#flushing ??= this.#flush();
  }

  /** Resolves when nothing is queued, or the pipe is broken; never rejects. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    try {
      // What is written in this turn goes out in one piece: a write costs more than putting frames together.
      await undefined;
      while (this.#waiting.length > 0) {
        const piece = joined(this.#waiting);
        this.#waiting = [];
        // Each may fail when the pipe breaks, and a failure that nobody waits for would end the program.
        await Promise.all([this.#sink.write(piece), this.#sink.flush()]);
        this.#queuedBytes -= piece.byteLength;
      }
    } catch (error) {
      this.#waiting = [];
      this.#queuedBytes = 0;
      this.#onBroken(error);
    } finally {
      this.#flushing = null;
    }
  }
}
