import { Database } from "bun:sqlite";
import { storageError } from "./storage-error.ts";

/**
 * Takes a database for one running program, by a lock on a file beside it: a session that two programs use is ended by
 * Telegram (`AUTH_KEY_DUPLICATED`). Tools that only look may open the database meanwhile. The kernel lets go of it when
 * the process ends, however it ends. Returns what lets go of it before.
 *
 * @throws {TelegraphistError} `STORAGE_LOCKED` when another program has it, `STORAGE_UNREADABLE`
 */
export function lockForRunning(path: string): () => void {
  if (path === ":memory:") return () => {};
  try {
    const lock = new Database(`${path}.lock`);
    try {
      lock.run("begin exclusive");
    } catch (error) {
      lock.close();
      throw error;
    }
    return () => lock.close();
  } catch (error) {
    throw storageError(`Cannot run on database "${path}"`, error);
  }
}
