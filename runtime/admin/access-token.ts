import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, link, mkdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, TelegraphistError } from "../contract/index.ts";

/** 32 bytes and more in base64url: a guess is out of reach. */
const tokenShape = /^[\w-]{43,}$/;

/**
 * Reads the admin's token, or makes one of 32 random bytes on the first start. The file is readable by its owner alone,
 * also when it was not before.
 *
 * @throws {TelegraphistError} `ADMIN_TOKEN_UNUSABLE` when the file cannot be read or written, or holds something else
 */
export async function loadOrCreateToken(path: string): Promise<string> {
  try {
    return (await createToken(path)) ?? (await readToken(path));
  } catch (error) {
    if (error instanceof TelegraphistError) throw error;
    throw unusable(path, error instanceof Error ? error.message : String(error), error);
  }
}

/** Whether two secrets are equal, in a time that tells nothing of where they differ. */
export function secretsMatch(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** What a browser keeps in the place of the token: it opens the pages, and cannot be turned back into the token. */
export function cookieValueOf(token: string): string {
  return createHmac("sha256", token).update("telegraphist admin cookie").digest("base64url");
}

async function createToken(path: string): Promise<string | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString("base64url");
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, `${token}\n`, { flag: "wx", mode: 0o600 });
  try {
    // A link comes whole or not at all: who starts at the same time never reads half a token.
    await link(draft, path);
    return token;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return undefined;
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readToken(path: string): Promise<string> {
  const token = (await readFile(path, "utf8")).trim();
  if (!tokenShape.test(token)) throw unusable(path, "it holds no token, remove it to get a new one");
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
  return token;
}

function digest(secret: string): Buffer {
  return createHmac("sha256", "telegraphist").update(secret).digest();
}

function unusable(path: string, state: string, cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "ADMIN_TOKEN_UNUSABLE",
    category: "CONFIG",
    message: `Cannot use the admin token in "${path}": ${state}`,
    cause,
  });
}
