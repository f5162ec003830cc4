import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { TelegraphistError } from "../../contract/index.ts";

/**
 * A file in the making: it lies under a temporary name beside its path, and takes the path's name only when it is whole
 * and on disk. Disposing of one that was not kept removes it.
 */
export class FileSink implements AsyncDisposable {
  readonly #path: string;
  readonly #partPath: string;
  readonly #handle: FileHandle;
  readonly #hasher = new Bun.CryptoHasher("sha256");
  #isKept = false;

  private constructor(path: string, partPath: string, handle: FileHandle) {
    this.#path = path;
    this.#partPath = partPath;
    this.#handle = handle;
  }

  /** @throws {TelegraphistError} `MEDIA_UNWRITABLE` when the folder is missing or refuses it */
  static async create(path: string): Promise<FileSink> {
    const partPath = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
    const handle = await open(partPath, "wx").catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    return new FileSink(path, partPath, handle);
  }

  /** @throws {TelegraphistError} `MEDIA_UNWRITABLE` when the disk refuses it */
  async append(bytes: Uint8Array): Promise<void> {
    this.#hasher.update(bytes);
    await this.#handle.writeFile(bytes).catch((cause: unknown) => {
      throw unwritable(this.#path, cause);
    });
  }

  /** Gives the file its name, and returns its SHA-256 in lower-case hex. */
  async keep(): Promise<string> {
    try {
      await this.#handle.sync();
      await rename(this.#partPath, this.#path);
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
    this.#isKept = true;
    return this.#hasher.digest("hex");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
    if (!this.#isKept) await rm(this.#partPath, { force: true });
  }
}

function unwritable(path: string, cause: unknown): TelegraphistError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new TelegraphistError({
    code: "MEDIA_UNWRITABLE",
    category: "STORAGE",
    message: `Cannot write the file to ${JSON.stringify(path)}: ${reason}`,
    cause,
  });
}
