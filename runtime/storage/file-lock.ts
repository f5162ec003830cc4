import { Database } from "bun:sqlite";
import { closeSync, openSync } from "node:fs";
import { hasCode } from "../contract/index.ts";

/**
 * Takes a file for this program alone, by a lock on an empty one beside it that stays there. The kernel lets go of it
 * when the process ends, however it ends.
 *
 * @returns `null` when another program has it
 * @throws {Error} what the file system throws where that empty file cannot be made
 */
export function lockFile(path: string): Disposable | null {
  const lockPath = `${path}-lock`;
  makeForOwner(lockPath);
  const lock = new Database(lockPath, { readwrite: true, create: false });
  try {
    // Nothing is written that would need one on disk.
    lock.run("PRAGMA journal_mode = MEMORY");
    lock.run("BEGIN EXCLUSIVE");
    return { [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    lock.close();
    if (hasCode(error, "SQLITE_BUSY")) return null;
    throw error;
  }
}

/** One that is there is not opened: to close it would let go of a lock that this process has on it. */
function makeForOwner(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}
