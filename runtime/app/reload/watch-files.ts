import { statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Tells of changes until it is disposed. */
export interface FileWatch extends Disposable {
  /** Resolves at a change since the last call, after a moment of rest; never when there is none. */
  changed(): Promise<void>;
}

/** Editors write a file in several steps, and some put another in its place. */
const restMs = 100;

/**
 * Watches a file, or in a folder what code and settings are in, but installed packages and what begins with a dot: a
 * database beside them is written all the time.
 *
 * @throws {Error} what the file system throws when there is no such file or folder
 */
export function watchFiles(path: string): FileWatch {
  const isFolder = statSync(path).isDirectory();
  let change = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_, changed) => {
    if (changed === null || !(isFolder ? isSource(changed) : changed === basename(path))) return;
    clearTimeout(timer);
    timer = setTimeout(() => change.resolve(), restMs);
  });
  return {
    async changed() {
      await change.promise;
      change = Promise.withResolvers();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

function isSource(path: string): boolean {
  const isElsewhere = path.split(/[\\/]/).some((part) => part === "node_modules" || part.startsWith("."));
  return !isElsewhere && /\.(?:[cm]?[jt]sx?|json|ya?ml)$/.test(path);
}
