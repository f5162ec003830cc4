import { appendFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "../contract/index.ts";
import { storageError } from "./storage-error.ts";

export interface AuditFileOptions {
  /** As `…/audit.jsonl`; older ones stand beside it, as `audit.1.jsonl`. */
  readonly path: string;
  /** From where on the file is put aside. */
  readonly maxBytes: number;
  /** How many older ones are kept. @default 3 */
  readonly keep?: number;
}

/** A file that grows by lines, and is put aside when it is large. Calls MUST NOT overlap. */
export class AuditFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #sizeBytes: number | null = null;

  constructor({ path, maxBytes, keep = 3 }: AuditFileOptions) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
  }

  /** The file and all that stand beside it, whether they are there or not. */
  static pathsOf(path: string, keep = 3): readonly string[] {
    return Array.from({ length: keep + 1 }, (_, age) => agedPath(path, age));
  }

  /** @throws {TelegraphistError} as the database does, such as `STORAGE_FULL` */
  async append(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join("");
    try {
      this.#sizeBytes ??= await sizeOf(this.#path);
      if (this.#sizeBytes > 0 && this.#sizeBytes + Buffer.byteLength(text) > this.#maxBytes)
        await this.#putAside();
      await appendFile(this.#path, text, { mode: 0o600 });
      this.#sizeBytes += Buffer.byteLength(text);
    } catch (error) {
      this.#sizeBytes = null;
      throw storageError(`Cannot write "${this.#path}"`, error);
    }
  }

  async #putAside(): Promise<void> {
    await rm(agedPath(this.#path, this.#keep), { force: true });
    for (let age = this.#keep - 1; age >= 0; age--) {
      await rename(agedPath(this.#path, age), agedPath(this.#path, age + 1)).catch((error: unknown) => {
        if (!hasCode(error, "ENOENT")) throw error;
      });
    }
    this.#sizeBytes = 0;
  }
}

function agedPath(path: string, age: number): string {
  return age === 0 ? path : join(dirname(path), basename(path).replace(/(\.[^.]*)?$/, `.${age}$1`));
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  return found?.size ?? 0;
}
