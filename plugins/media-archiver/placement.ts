import { constants } from "node:fs";
import { copyFile, link, mkdir, realpath, stat, unlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { hasCode, TelegraphistError } from "telegraphist";
import { numbered } from "./safe-name.ts";

const maxNumber = 10_000;

/**
 * Gives a file its name in the archive; a file that has the name already is never touched. The same bytes under the name
 * are taken for the file itself, which a crash had kept from being written down.
 *
 * @param incoming the file as downloaded, in the folder; it is gone afterwards
 * @param path relative to the folder, safe
 * @returns the path that it has
 * @throws {TelegraphistError} `ARCHIVER_OUTSIDE_FOLDER` when a symbolic link leads out of the folder
 */
export async function place(folder: string, incoming: string, path: string, sha256: string): Promise<string> {
  const taken = await freeName(folder, path, (target) => linkOrCopy(incoming, target), sha256);
  await unlink(incoming);
  return taken;
}

/** Gives a file of the archive a second name. @returns the path that it has */
export async function linkAlso(
  folder: string,
  existing: string,
  path: string,
  sha256: string,
): Promise<string> {
  return freeName(folder, path, (target) => link(join(folder, existing), target), sha256);
}

async function freeName(
  folder: string,
  path: string,
  make: (target: string) => Promise<void>,
  sha256: string,
): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await checkInside(folder, dirname(join(folder, path)));
  const slash = path.lastIndexOf("/") + 1;
  for (let number = 1; number <= maxNumber; number += 1) {
    const name = path.slice(slash);
    const candidate = path.slice(0, slash) + (number === 1 ? name : numbered(name, number));
    try {
      await make(join(folder, candidate));
      return candidate;
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      if ((await sha256Of(join(folder, candidate))) === sha256) return candidate;
    }
  }
  throw new TelegraphistError({
    code: "ARCHIVER_NAME_TAKEN",
    category: "INVALID",
    message: `Cannot name file as ${maxNumber} files have its name: change "name" so that it tells them apart`,
  });
}

/** A link is made only if the name is free, at once; file systems without links get a copy on the same terms. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!hasCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

async function checkInside(folder: string, path: string): Promise<void> {
  const [root, real] = await Promise.all([realpath(folder), realpath(path)]);
  if (real === root || real.startsWith(root + sep)) return;
  throw new TelegraphistError({
    code: "ARCHIVER_OUTSIDE_FOLDER",
    category: "INVALID",
    message: `Cannot write below ${JSON.stringify(path)}: a symbolic link leads out of the archive`,
  });
}

/** `null` for what is no file. */
async function sha256Of(path: string): Promise<string | null> {
  if (!(await stat(path)).isFile()) return null;
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex");
}
