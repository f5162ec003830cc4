import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";

export interface ArchivedFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Files of an archive without its index and its hidden folder of downloads under way; empty before there is a folder. */
export async function archivedFiles(folder: string): Promise<readonly ArchivedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const files = entries.filter(
    (entry) =>
      entry.isFile() &&
      !entry.name.startsWith("index.") &&
      !relative(folder, entry.parentPath).startsWith("."),
  );
  return Promise.all(
    files.map(async ({ name, parentPath }) => ({
      name,
      sizeBytes: (await stat(join(parentPath, name))).size,
    })),
  );
}
