import { type FileHandle, open } from "node:fs/promises";
import type { ArchiveIndex, ListedFile } from "./archive-index.ts";

const linesAtOnce = 500;
const tailBytes = 64 * 1024;

/**
 * `index.jsonl`: a JSON line for every archived file, for programs that cannot read SQLite. A line is on disk before the
 * index counts it as listed; after a crash in between it is there twice, so readers take the last of a `id`.
 */
export class ArchiveList {
  readonly #file: FileHandle;
  readonly #index: ArchiveIndex;

  private constructor(file: FileHandle, index: ArchiveIndex) {
    this.#file = file;
    this.#index = index;
  }

  /** Opens the list; a line that a crash cut off is taken away, and lines that are missing are added. */
  static async open(path: string, index: ArchiveIndex): Promise<ArchiveList> {
    await using opened = new AsyncDisposableStack();
    const file = opened.adopt(await open(path, "a+"), (handle) => handle.close());
    await cutTornLine(file);
    const list = new ArchiveList(file, index);
    await list.write();
    opened.move();
    return list;
  }

  /** Appends the lines of all files that have none yet. */
  async write(): Promise<void> {
    for (;;) {
      const files = this.#index.unlisted(linesAtOnce);
      if (files.length === 0) return;
      await this.#file.appendFile(files.map((file) => `${JSON.stringify(lineOf(file))}\n`).join(""));
      await this.#file.datasync();
      this.#index.markListed(files.map(({ id }) => id));
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function lineOf({ sentAtMs, archivedAtMs, ...file }: ListedFile): object {
  return {
    ...file,
    sentAt: new Date(sentAtMs).toISOString(),
    archivedAt: archivedAtMs === null ? null : new Date(archivedAtMs).toISOString(),
  };
}

async function cutTornLine(file: FileHandle): Promise<void> {
  let { size } = await file.stat();
  const buffer = Buffer.alloc(tailBytes);
  while (size > 0) {
    const start = Math.max(0, size - tailBytes);
    const { bytesRead } = await file.read(buffer, 0, size - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf("\n");
    if (newline >= 0) return file.truncate(start + newline + 1);
    size = start;
  }
  await file.truncate(0);
}
