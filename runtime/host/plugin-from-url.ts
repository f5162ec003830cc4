import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TelegraphistError } from "../contract/index.ts";
import { hashPlugin } from "./plugin-hash.ts";
import { lockFileName, type PluginPin, readLock } from "./plugin-lock.ts";

/** Where a configuration is, and the plugins' own folders; what was fetched is kept beside them. */
export interface UrlSite {
  readonly baseFolder: string;
  readonly pluginFolder: string;
}

const maxBytes = 1024 ** 2;
const timeoutMs = 30_000;

/** Whether an entry names an address. */
export function isUrl(use: string): boolean {
  return /^https?:\/\//i.test(use);
}

/**
 * The file of a plugin that was fetched before, as the lock file has it pinned. Nothing is fetched here.
 *
 * @throws {TelegraphistError} `HOST_URL_NOT_ADDED` when it was not, `HOST_URL_CHANGED` when the file is another by now, and
 * what `readLock` throws
 */
export async function fetchedPlugin(url: string, { baseFolder, pluginFolder }: UrlSite): Promise<string> {
  const lock = await readLock(join(baseFolder, lockFileName));
  const pin = [...lock.values()].find(({ use }) => use === url);
  const path = pin === undefined ? null : pathOf(pin, pluginFolder);
  if (pin === undefined || path === null || !(await Bun.file(path).exists())) {
    throw refused(
      "HOST_URL_NOT_ADDED",
      url,
      `it is not here, telegraphist plugin add ${url} fetches and pins it`,
    );
  }
  if ((await hashPlugin(path)) === pin.hash) return path;
  throw refused("HOST_URL_CHANGED", url, `${path} is not what ${lockFileName} has pinned`);
}

/**
 * Fetches a plugin that is one file, and keeps it under its hash. It is not run.
 *
 * @throws {TelegraphistError} `HOST_URL_REFUSED` for what is neither https nor this machine's, `HOST_URL_FAILED`,
 * `HOST_URL_TOO_LARGE` beyond 1 MiB, `HOST_URL_IMPORTS` when it imports anything but `telegraphist`
 */
export async function fetchPlugin(url: string, pluginFolder: string): Promise<string> {
  requireSafe(url);
  const text = await download(url);
  const strays = importsOf(url, text).filter((path) => path !== "telegraphist");
  if (strays.length > 0) {
    const list = strays.map((path) => JSON.stringify(path)).join(", ");
    throw refused("HOST_URL_IMPORTS", url, `it must import nothing but "telegraphist", and imports ${list}`);
  }
  const hex = new Bun.CryptoHasher("sha256").update(text).digest("hex");
  const path = pathOf({ hash: `sha256-${hex}` }, pluginFolder);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
  return path;
}

function pathOf({ hash }: Pick<PluginPin, "hash">, pluginFolder: string): string {
  return join(dirname(pluginFolder), "plugin-cache", `${hash.replace(/^sha256-/, "")}.ts`);
}

/** On the way over a network anybody could put other code in its place. */
function requireSafe(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isHere = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  if (protocol === "https:" || isHere) return;
  throw refused("HOST_URL_REFUSED", url, "its address must begin with https://");
}

async function download(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw refused("HOST_URL_FAILED", url, `the server answers ${response.status}`);
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes)
        throw refused("HOST_URL_TOO_LARGE", url, `it is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TelegraphistError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw refused("HOST_URL_FAILED", url, reason, error);
  }
}

/** What is imported under a name that is made up while it runs is left to the sandbox, which shows it no other file. */
function importsOf(url: string, text: string): readonly string[] {
  try {
    return new Bun.Transpiler({ loader: "ts" }).scanImports(text).map(({ path }) => path);
  } catch (error) {
    throw refused("HOST_URL_FAILED", url, "it is no TypeScript", error);
  }
}

function refused(code: string, url: string, reason: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "CONFIG",
    message: `Cannot take plugin from ${url}: ${reason}`,
    cause,
  });
}
