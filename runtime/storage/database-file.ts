import { chmod, mkdir, open, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { TelegraphistError } from "../contract/index.ts";

/**
 * Makes the file of a database and its folder for its owner alone, where they are not there.
 *
 * @throws {TelegraphistError} `STORAGE_SHARED` for a file that has several names, or is a mount of its own: SQLite keeps
 * its log and locks in two files beside it, so that programs that come by different names would not see each other
 */
export async function prepareDatabaseFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Before SQLite would make it for all to read.
  const file = await open(path, "a", 0o600);
  await file.close();
  const { nlink } = await stat(path);
  if (nlink > 1) throw shared(path, `the file has ${nlink} names (hard links), keep one of them`);
  if (await isMount(await realpath(path))) {
    throw shared(path, "the file is a mount of its own, mount the folder that it lies in instead");
  }
  // SQLite gives the -wal and -shm files the mode of the database.
  await chmod(path, 0o600);
}

/** Whether something is mounted at the path itself; `false` where the system does not tell. Source: proc_pid_mountinfo(5). */
async function isMount(path: string): Promise<boolean> {
  let table: string;
  try {
    table = await readFile("/proc/self/mountinfo", "utf8");
  } catch {
    return false;
  }
  return table.split("\n").some((line) => unescaped(line.split(" ")[4] ?? "") === path);
}

/** The kernel writes blanks, line ends, and backslashes as `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function shared(path: string, advice: string): TelegraphistError {
  return new TelegraphistError({
    code: "STORAGE_SHARED",
    category: "CONFIG",
    message: `Cannot open database "${path}": ${advice}; SQLite keeps two more files beside it`,
  });
}
