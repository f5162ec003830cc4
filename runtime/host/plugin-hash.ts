import { createHash } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { TelegraphistError } from "../contract/index.ts";

const maxFiles = 10_000;
const maxTotalBytes = 256 * 1024 * 1024;
/** What is installed beside a plugin has a lock file of its own, and what Git keeps is no part of it. */
const passedOver = new Set(["node_modules", ".git"]);

/**
 * The hash of all that a plugin consists of, as `sha256-` and hex: of a file its bytes, of a folder every file with its
 * path, without `node_modules`.
 *
 * @throws {TelegraphistError} `HOST_PLUGIN_TOO_LARGE` beyond 10,000 files or 256 MiB, `HOST_PLUGIN_UNREADABLE`
 */
export async function hashPlugin(root: string): Promise<string> {
  try {
    if ((await stat(root)).isFile()) return `sha256-${sha256(await readFile(root))}`;
    return `sha256-${await hashFolder(root)}`;
  } catch (error) {
    if (error instanceof TelegraphistError) throw error;
    throw new TelegraphistError({
      code: "HOST_PLUGIN_UNREADABLE",
      category: "CONFIG",
      message: `Cannot read plugin at ${root}: ${error instanceof Error ? error.message : String(error)}`,
      data: { path: root },
      cause: error,
    });
  }
}

async function hashFolder(root: string): Promise<string> {
  const lines: string[] = [];
  let totalBytes = 0;
  for await (const path of filesOf(root)) {
    const found = await stat(path).catch(() => null);
    totalBytes += found?.size ?? 0;
    if (lines.length === maxFiles || totalBytes > maxTotalBytes) throw tooLarge(root);
    // Of a link to a folder its target stands for it: what is outside belongs to someone else.
    const content = found?.isFile() ? await readFile(path) : Buffer.from(await readlink(path));
    lines.push(`${relative(root, path)}\0${sha256(content)}\n`);
  }
  return sha256(Buffer.from(lines.toSorted().join("")));
}

async function* filesOf(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !passedOver.has(entry.name)) yield* filesOf(path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function tooLarge(root: string): TelegraphistError {
  return new TelegraphistError({
    code: "HOST_PLUGIN_TOO_LARGE",
    category: "CONFIG",
    message: `Cannot pin plugin at ${root} as it may have ${maxFiles} files of ${maxTotalBytes} bytes: it has more`,
    data: { path: root },
  });
}
