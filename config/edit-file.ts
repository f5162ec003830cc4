import { readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";

/**
 * Writes a file anew, whole or not at all; its mode stays, and so does a link that leads to it.
 *
 * @throws {Error} what the file system or `change` throws
 */
export async function editFile(path: string, change: (text: string) => string): Promise<void> {
  const file = await realpath(path);
  const text = await readFile(file, "utf8");
  const { mode } = await stat(file);
  const temporary = `${file}.${process.pid}.new`;
  try {
    await writeFile(temporary, change(text), { mode: mode & 0o777, flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
