import { constants } from "node:fs";
import { copyFile, link, mkdir, realpath, stat, unlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { hasCode, TelegraphistError } from "telegraphist";
import { numbered } from "./safe-name.ts";

const maxNumber = 10_000;

/** What the bytes of a file are known by. */
export interface Content {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Gives a file its name in the archive; a file that has the name already is never touched. The same bytes under the name
 * are taken for the file itself, which a crash had kept from being written down.
 *
 * @param incoming the file as downloaded, in the folder; it is gone afterwards
 * @param path relative to the folder, safe
 * @returns the path that it has
 * @throws {TelegraphistError} `ARCHIVER_OUTSIDE_FOLDER` when a symbolic link leads out of the folder
 */
export async function place(
  folder: string,
  incoming: string,
  path: string,
  content: Content,
): Promise<string> {
  const name = await freeName(folder, path, content, (target) => linkOrCopy(incoming, target));
  await unlink(incoming);
  return name;
}

/** Gives a file of the archive a second name. @returns the path that it has */
export async function linkAlso(
  folder: string,
  existing: string,
  path: string,
  content: Content,
): Promise<string> {
  return freeName(folder, path, content, (target) => link(join(folder, existing), target));
}

async function freeName(
  folder: string,
  path: string,
  content: Content,
  make: (target: string) => Promise<void>,
): Promise<string> {
  await makeFolders(folder, path);
  const slash = path.lastIndexOf("/") + 1;
  for (let number = 1; number <= maxNumber; number += 1) {
    const name = path.slice(slash);
    const candidate = path.slice(0, slash) + (number === 1 ? name : numbered(name, number));
    try {
      await make(join(folder, candidate));
      return candidate;
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
      if (await hasContent(join(folder, candidate), content)) return candidate;
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

/** Makes the folders above a path one by one, as making all at once would follow a link out of the archive. */
async function makeFolders(folder: string, path: string): Promise<void> {
  const root = await realpath(folder);
  let made = root;
  for (const name of path.split("/").slice(0, -1)) {
    made = join(made, name);
    await mkdir(made).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
    if (!`${await realpath(made)}${sep}`.startsWith(root + sep)) throw outside(made);
  }
}

function outside(path: string): TelegraphistError {
  return new TelegraphistError({
    code: "ARCHIVER_OUTSIDE_FOLDER",
    category: "INVALID",
    message: `Cannot write below ${JSON.stringify(path)}: a symbolic link leads out of the archive`,
  });
}

async function hasContent(path: string, { sha256, sizeBytes }: Content): Promise<boolean> {
  const there = await stat(path);
  if (!there.isFile() || there.size !== sizeBytes) return false;
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex") === sha256;
}
