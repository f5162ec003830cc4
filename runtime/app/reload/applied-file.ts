import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "../../contract/index.ts";
import { type StoragePlace, storagePaths } from "../open-app-storage.ts";

/** Where the text of the last configuration that ran is kept; `null` beside a database in memory. */
export function appliedFileOf(place: Pick<StoragePlace, "config" | "baseFolder">): string | null {
  const { database } = storagePaths(place);
  return database === ":memory:" ? null : join(dirname(database), "applied.yaml");
}

/** The text, with its references to the environment as they stand there; `null` when nothing ran yet. */
export async function readApplied(
  place: Pick<StoragePlace, "config" | "baseFolder">,
): Promise<string | null> {
  const path = appliedFileOf(place);
  if (path === null) return null;
  return readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
}

/** Keeps the text, for its owner alone. */
export async function writeApplied(
  place: Pick<StoragePlace, "config" | "baseFolder">,
  text: string,
): Promise<void> {
  const path = appliedFileOf(place);
  if (path === null) return;
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
